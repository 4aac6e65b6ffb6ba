/// The order in which a file holds the bytes of a number.
enum ByteOrder {
    case little, big

    /// The bytes of each number in the opposite order. `bytes` holds a whole number of elements of 1, 2, 4 or 8 bytes.
    static func swapped(_ bytes: UnsafeRawBufferPointer, elementSize: Int) -> [UInt8] {
        switch elementSize {
        case 2: swapped(bytes, UInt16.self)
        case 4: swapped(bytes, UInt32.self)
        case 8: swapped(bytes, UInt64.self)
        default: Array(bytes)
        }
    }

    private static func swapped<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _: Number.Type
    ) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: bytes.count) { buffer, initialized in
            let output = UnsafeMutableRawBufferPointer(buffer)
            for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<Number>.size) {
                let number = bytes.loadUnaligned(fromByteOffset: offset, as: Number.self)
                output.storeBytes(of: number.byteSwapped, toByteOffset: offset, as: Number.self)
            }
            initialized = bytes.count
        }
    }
}
