import CZlib
import Foundation

/// Writes zip archives for tests, wrong ones as well.
struct ZipBuilder {
    struct Entry {
        var name: [UInt8]
        var content: [UInt8]
        var isDeflated = false
        var isWide = false
        var hasDescriptor = false
        var flags = 1 << 11
        var method: Int?
        /// Unix mode; 0 says nothing of it.
        var mode = 0
        var checksum: UInt32?
        var claimedSize: Int?

        init(_ name: String, _ content: [UInt8] = [], _ change: (inout Entry) -> Void = { _ in }) {
            self.name = Array(name.utf8)
            self.content = content
            change(&self)
        }
    }

    var entries: [Entry]
    /// The directory by zip64 records.
    var isWide = false
    var comment: [UInt8] = []

    init(_ entries: [Entry]) { self.entries = entries }

    var bytes: [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let packed = entry.isDeflated ? Self.deflated(entry.content) : entry.content
            let checksum = entry.checksum ?? UInt32(truncatingIfNeeded: crc32(0, entry.content, UInt32(entry.content.count)))
            let size = entry.claimedSize ?? entry.content.count
            let offset = file.count
            let method = entry.method ?? (entry.isDeflated ? 8 : 0)
            let flags = entry.flags | (entry.hasDescriptor ? 8 : 0)
            let known = entry.hasDescriptor ? [0, 0, 0] : [Int(checksum), packed.count, size]
            file += [0x50, 0x4B, 3, 4] + Self.number(20, 2) + Self.number(flags, 2) + Self.number(method, 2) + Self.number(0, 4)
            file += known.flatMap { Self.number($0, 4) }
            file += Self.number(entry.name.count, 2) + Self.number(0, 2) + entry.name + packed
            if entry.hasDescriptor {
                file += [0x50, 0x4B, 7, 8] + Self.number(Int(checksum), 4) + Self.number(packed.count, 4) + Self.number(size, 4)
            }

            let wide = entry.isWide
                ? Self.number(0x5455, 2) + Self.number(1, 2) + [0] + Self.number(1, 2) + Self.number(24, 2) + Self.number(size, 8)
                    + Self.number(packed.count, 8) + Self.number(offset, 8)
                : []
            let all = 0xFFFF_FFFF
            directory += [0x50, 0x4B, 1, 2, 20, entry.mode == 0 ? 0 : 3] + Self.number(20, 2) + Self.number(flags, 2)
            directory += Self.number(method, 2) + Self.number(0, 4) + Self.number(Int(checksum), 4)
            directory += Self.number(entry.isWide ? all : packed.count, 4) + Self.number(entry.isWide ? all : size, 4)
            directory += Self.number(entry.name.count, 2) + Self.number(wide.count, 2) + Self.number(0, 2) + Self.number(0, 4)
            directory += Self.number(entry.mode << 16, 4) + Self.number(entry.isWide ? all : offset, 4) + entry.name + wide
        }
        let start = file.count
        file += directory
        if isWide {
            let end = file.count
            file += [0x50, 0x4B, 6, 6] + Self.number(44, 8) + Self.number(45, 2) + Self.number(45, 2) + Self.number(0, 8)
            file += Self.number(entries.count, 8) + Self.number(entries.count, 8) + Self.number(directory.count, 8) + Self.number(start, 8)
            file += [0x50, 0x4B, 6, 7] + Self.number(0, 4) + Self.number(end, 8) + Self.number(1, 4)
        }
        file += [0x50, 0x4B, 5, 6] + Self.number(0, 4)
        file += Self.number(isWide ? 0xFFFF : entries.count, 2) + Self.number(isWide ? 0xFFFF : entries.count, 2)
        file += Self.number(isWide ? 0xFFFF_FFFF : directory.count, 4) + Self.number(isWide ? 0xFFFF_FFFF : start, 4)
        return file + Self.number(comment.count, 2) + comment
    }

    private static func number(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }

    static func deflated(_ content: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        deflateInit2_(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        defer { deflateEnd(&stream) }
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(content.count))))
        var input = content
        let made = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                deflate(&stream, Z_FINISH)
                return output.count - Int(stream.avail_out)
            }
        }
        return Array(output[..<made])
    }
}
