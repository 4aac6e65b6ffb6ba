/// The order in which a file holds the bytes of a number.
enum ByteOrder {
    case little, big

    /// The bytes of each number in the opposite order. `bytes` holds a whole number of elements.
    static func swapped(_ bytes: UnsafeRawBufferPointer, elementSize: Int) -> [UInt8] {
        var swapped = Array(bytes)
        for start in stride(from: 0, to: bytes.count, by: elementSize) {
            swapped[start..<start + elementSize].reverse()
        }
        return swapped
    }
}
