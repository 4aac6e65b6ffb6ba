/// Zip archives of texts, as small as they can be.
public enum StoredZip {
    /// - Parameter files: content by name.
    public static func bytes(_ files: [String: String]) -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            let content = Array(text.utf8)
            // From the version to the length of the extra field: the same in both headers.
            var common: [UInt8] = []
            common.put(20, 2)
            common.put(0, 8)
            common.put(checksum(content), 4)
            common.put(content.count, 4)
            common.put(content.count, 4)
            common.put(name.utf8.count, 2)
            common.put(0, 2)

            directory += [0x50, 0x4B, 1, 2, 20, 0]
            directory += common
            directory.put(0, 10)
            directory.put(file.count, 4)
            directory += Array(name.utf8)

            file += [0x50, 0x4B, 3, 4]
            file += common
            file += Array(name.utf8)
            file += content
        }
        let start = file.count
        file += directory
        file += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        file.put(files.count, 2)
        file.put(files.count, 2)
        file.put(directory.count, 4)
        file.put(start, 4)
        file.put(0, 2)
        return file
    }

    private static func checksum(_ bytes: [UInt8]) -> Int {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        }
        return Int(~sum)
    }
}

extension [UInt8] {
    fileprivate mutating func put(_ value: Int, _ count: Int) {
        for index in 0..<count { append(UInt8(truncatingIfNeeded: value >> (index * 8))) }
    }
}
