/// A number of 128 bits that stands for what a cached image was made from.
///
/// Two lanes of FNV-1a over words of eight bytes, mixed at the end by the finalizer of MurmurHash3. It tells files apart that changed by themselves;
/// it is no defence against somebody who makes two files collide on purpose.
struct ImageFingerprint: Hashable, Sendable {
    private(set) var high: UInt64 = 0xCBF2_9CE4_8422_2325
    private(set) var low: UInt64 = 0x6C62_272E_07BB_0142

    /// Goes up when images of the same files come out differently, or are kept in another layout.
    private static let version = 1

    /// What all images of a store have in common.
    init(imageSize: Int, isForTraining: Bool) {
        add(UInt64(Self.version))
        add(UInt64(imageSize))
        add(isForTraining ? 1 : 0)
    }

    mutating func add(_ word: UInt64) {
        high = (high ^ word) &* 0x0000_0100_0000_01B3
        high ^= high >> 29
        low = (low ^ (word &+ 0x9E37_79B9_7F4A_7C15)) &* 0xD6E8_FEB8_6659_FD93
        low ^= low >> 32
    }

    mutating func add(_ text: String) {
        var word: UInt64 = 0
        var count = 0
        for byte in text.utf8 {
            word = word << 8 | UInt64(byte)
            count += 1
            if count % 8 == 0 { add(word) }
        }
        add(word)
        add(UInt64(count))
    }

    mutating func add(_ other: ImageFingerprint) {
        add(other.high)
        add(other.low)
    }

    mutating func add(_ path: String, _ file: FileStamp) {
        add(path)
        add(UInt64(bitPattern: file.size))
        add(UInt64(bitPattern: file.time))
    }

    /// The number that the parts added so far come to.
    var finished: ImageFingerprint {
        func mixed(_ value: UInt64) -> UInt64 {
            var value = (value ^ (value >> 33)) &* 0xFF51_AFD7_ED55_8CCD
            value = (value ^ (value >> 33)) &* 0xC4CE_B9FE_1A85_EC53
            return value ^ (value >> 33)
        }
        var result = self
        result.high = mixed(high &+ low)
        result.low = mixed(low ^ result.high)
        return result
    }

    /// 32 hexadecimal digits.
    var name: String {
        [high, low].map { number in
            let digits = String(number, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
