import CZlib

/// Undoes deflate, piece by piece.
///
/// Source: RFC 1951, by zlib.
final class Inflater {
    private var stream = z_stream()
    private var buffer = [UInt8](repeating: 0, count: 1 << 18)
    /// The compressed data said that it is over.
    private(set) var isFinished = false

    enum Fault: Error {
        case notDeflate
        case outOfMemory
    }

    init() throws(Fault) {
        // Negative: no header and trailer of zlib around the data.
        let status = inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else { throw .outOfMemory }
    }

    deinit { inflateEnd(&stream) }

    /// Feeds `input` and hands what comes out to `body`.
    /// - Returns: bytes of `input` that were used; fewer than all only where the data is over.
    func inflate<Failure: Error>(
        _ input: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) -> Result<Int, Fault> {
        var used = 0
        while used < input.count, !isFinished {
            let step = advance(input, from: used)
            guard let step else { return .failure(.notDeflate) }
            used += step.used
            try buffer.withUnsafeBufferPointer { (buffer) throws(Failure) in
                if step.made > 0 { try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<step.made]))) }
            }
        }
        // What the last call had no room for.
        while !isFinished {
            guard let step = advance([], from: 0), step.made > 0 else { break }
            try buffer.withUnsafeBufferPointer { (buffer) throws(Failure) in
                try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[..<step.made])))
            }
        }
        return .success(used)
    }

    /// One call of zlib; nil for data that is no deflate.
    private func advance(_ input: [UInt8], from start: Int) -> (used: Int, made: Int)? {
        input.withUnsafeBufferPointer { input in
            buffer.withUnsafeMutableBufferPointer { output in
                // zlib reads from here and never writes.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + start })
                stream.avail_in = UInt32(input.count - start)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                let status = CZlib.inflate(&stream, Z_NO_FLUSH)
                guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else { return nil }
                isFinished = status == Z_STREAM_END
                return (input.count - start - Int(stream.avail_in), output.count - Int(stream.avail_out))
            }
        }
    }
}

/// The checksum of an archive's entry, by zlib.
struct EntryChecksum {
    private(set) var value = UInt32(truncatingIfNeeded: crc32(0, nil, 0))

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        value = UInt32(truncatingIfNeeded: crc32_z(UInt(value), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
    }
}
