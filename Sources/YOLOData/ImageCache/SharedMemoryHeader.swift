import Glibc

/// The beginning of shared memory: eight numbers of 64 bits in the machine's order, then three for each image.
struct SharedMemoryHeader {
    static let fixedBytes = 64
    private static let placeBytes = 24
    /// "YV5SHAR2", written last.
    private static let signature: UInt64 = 0x5956_3553_4841_5232
    /// "YV5BEGUN", until then.
    private static let signatureOfBegun: UInt64 = 0x5956_3542_4547_554E

    var plan: MemoryPlan
    let fingerprint: ImageFingerprint
    /// Processes that use it.
    var userCount = 1
    /// The process that has filled it.
    let owner: ProcessIdentity

    /// Of memory that this process has filled.
    init(plan: MemoryPlan, fingerprint: ImageFingerprint) {
        (self.plan, self.fingerprint, owner) = (plan, fingerprint, .current)
    }

    /// - Returns: `nil` for memory that is not filled, of other images, or of a process that is gone.
    init?(readFrom bytes: UnsafeMutableRawBufferPointer, fingerprint: ImageFingerprint) {
        func number(_ index: Int) -> Int { bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int.self) }
        func word(_ index: Int) -> UInt64 { bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self) }
        guard bytes.count >= Self.fixedBytes, word(0) == Self.signature,
            word(1) == fingerprint.high, word(2) == fingerprint.low, 1..<1 << 32 ~= number(3),
            number(5) >= 0, number(5) <= (bytes.count - Self.fixedBytes) / Self.placeBytes
        else { return nil }
        owner = ProcessIdentity(id: number(4), startTime: number(6), scope: word(7))
        guard !owner.hasEnded else { return nil }
        (userCount, self.fingerprint) = (number(3), fingerprint)
        let places = (0..<number(5)).map { index in
            let first = (Self.fixedBytes + index * Self.placeBytes) / 8
            let form = MemoryPlan.Form(rawValue: UInt8(truncatingIfNeeded: number(first))) ?? .onDisk
            return MemoryPlan.Place(form: form, start: number(first + 1), count: number(first + 2))
        }
        guard places.allSatisfy({ 0...bytes.count ~= $0.start && 0...bytes.count ~= $0.count }) else { return nil }
        plan = MemoryPlan(places: places)
        guard Self.byteCount(plan) + plan.byteCount <= bytes.count else { return nil }
    }

    func write(into bytes: UnsafeMutableRawBufferPointer) {
        func put(_ number: Int, _ index: Int) { bytes.storeBytes(of: number, toByteOffset: 8 * index, as: Int.self) }
        for (index, place) in plan.places.enumerated() {
            let first = (Self.fixedBytes + index * Self.placeBytes) / 8
            put(Int(place.form.rawValue), first)
            put(place.start, first + 1)
            put(place.count, first + 2)
        }
        put(Int(bitPattern: UInt(fingerprint.high)), 1)
        put(Int(bitPattern: UInt(fingerprint.low)), 2)
        put(userCount, 3)
        put(owner.id, 4)
        put(plan.places.count, 5)
        put(owner.startTime, 6)
        put(Int(bitPattern: UInt(owner.scope)), 7)
        put(Int(bitPattern: UInt(Self.signature)), 0)
    }

    /// Bytes before the first image.
    static func byteCount(_ plan: MemoryPlan) -> Int {
        let pageBytes = 4096
        return (fixedBytes + plan.places.count * placeBytes + pageBytes - 1) / pageBytes * pageBytes
    }
}

// MARK: Whose it is

extension SharedMemoryHeader {
    /// Says in an empty file that this process is about to fill it.
    ///
    /// - Returns: Whether there was room for it.
    static func begin(_ descriptor: Int32) -> Bool {
        let owner = ProcessIdentity.current
        let words: [UInt64] = [
            signatureOfBegun, 0, 0, 0, UInt64(bitPattern: Int64(owner.id)), 0, UInt64(bitPattern: Int64(owner.startTime)), owner.scope,
        ]
        return words.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == fixedBytes
    }

    /// Whether a file is shared memory of a process that is gone, be it filled or half filled.
    static func isLeftOver(_ path: String) -> Bool {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var words = [UInt64](repeating: 0, count: fixedBytes / 8)
        guard words.withUnsafeMutableBytes({ pread(descriptor, $0.baseAddress, $0.count, 0) }) == fixedBytes,
            [signature, signatureOfBegun].contains(words[0])
        else { return false }
        let owner = ProcessIdentity(
            id: Int(truncatingIfNeeded: words[4]), startTime: Int(truncatingIfNeeded: words[6]), scope: words[7])
        return owner.hasEnded
    }
}
