/// The checksum of zip entries (polynomial 0xEDB88320), eight bytes a step.
///
/// Source: M. Kounavis and F. Berry, "Novel Table Lookup-Based Algorithms for High-Performance CRC Generation" (2008).
enum CRC32 {
    /// Table `k` at `k * 256`: the remainder of a byte followed by `k` zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var remainder = UInt32(byte)
            for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 0 ? 0 : 0xEDB8_8320) }
            tables[byte] = remainder
        }
        for index in 256..<tables.count {
            let previous = tables[index - 256]
            tables[index] = previous >> 8 ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var crc: UInt32 = 0xFFFF_FFFF
            var index = 0
            while bytes.count - index >= 8 {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(crc)
                crc = tables[0x700 | Int(word & 0xFF)]
                    ^ tables[0x600 | Int(word >> 8 & 0xFF)]
                    ^ tables[0x500 | Int(word >> 16 & 0xFF)]
                    ^ tables[0x400 | Int(word >> 24 & 0xFF)]
                    ^ tables[0x300 | Int(word >> 32 & 0xFF)]
                    ^ tables[0x200 | Int(word >> 40 & 0xFF)]
                    ^ tables[0x100 | Int(word >> 48 & 0xFF)]
                    ^ tables[Int(word >> 56)]
                index += 8
            }
            while index < bytes.count {
                crc = crc >> 8 ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
                index += 1
            }
            return ~crc
        }
    }
}
