/// The bytes of a picture's file as the readers of headers see them: the first ones in memory, the others in memory or still
/// in the file. Every read is checked; one beyond the end is `nil`.
struct FileBytes {
    /// The beginning, or everything.
    let start: UnsafeRawBufferPointer
    /// Of the whole file.
    let count: Int
    /// Reads what lies behind `start`.
    private let file: InputFile?

    init(_ bytes: UnsafeRawBufferPointer) {
        (start, count, file) = (bytes, bytes.count, nil)
    }

    init(start: UnsafeRawBufferPointer, of file: InputFile) {
        (self.start, self.file) = (start, file)
        count = max(file.size, start.count)
    }

    /// Up to eight bytes as a number, the first byte the highest.
    func bigEndian(_ length: Int, at offset: Int) -> Int? {
        // More than Int holds is a size that no file has.
        raw(length, at: offset).flatMap { Int(exactly: UInt64(bigEndian: $0) >> UInt64(64 - 8 * length)) }
    }

    /// Up to eight bytes as a number, the last byte the highest.
    func littleEndian(_ length: Int, at offset: Int) -> Int? {
        raw(length, at: offset).flatMap { Int(exactly: UInt64(littleEndian: $0)) }
    }

    func number(_ length: Int, at offset: Int, isLittleEndian: Bool) -> Int? {
        isLittleEndian ? littleEndian(length, at: offset) : bigEndian(length, at: offset)
    }

    /// Bytes as they stand in the file, followed by zeros.
    private func raw(_ length: Int, at offset: Int) -> UInt64? {
        guard offset >= 0, offset <= count - length else { return nil }
        var bytes: UInt64 = 0
        let isRead = withUnsafeMutableBytes(of: &bytes) { buffer in
            let wanted = UnsafeMutableRawBufferPointer(rebasing: buffer[..<length])
            guard offset > start.count - length else {
                wanted.copyMemory(from: UnsafeRawBufferPointer(rebasing: start[offset..<offset + length]))
                return true
            }
            return file?.read(into: wanted, at: offset) == length
        }
        return isRead ? bytes : nil
    }

    func byte(at offset: Int) -> UInt8? {
        offset >= 0 && offset < start.count ? start[offset] : bigEndian(1, at: offset).map(UInt8.init)
    }

    func starts(with signature: some Sequence<UInt8>, at offset: Int = 0) -> Bool {
        var position = offset
        for expected in signature {
            guard byte(at: position) == expected else { return false }
            position += 1
        }
        return true
    }

    /// A part of the file, at most 64 KiB of it.
    func part(at offset: Int, count length: Int) -> [UInt8] {
        let length = min(length, 1 << 16, count - offset)
        guard offset >= 0, length > 0 else { return [] }
        if offset + length <= start.count { return Array(start[offset..<offset + length]) }
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, initializedCount in
            initializedCount = file?.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset) ?? 0
        }
    }
}

extension [UInt8] {
    /// `withUnsafeBytes`, which does not know typed errors.
    package func withRawBytes<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try withUnsafeBufferPointer { buffer throws(Failure) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
