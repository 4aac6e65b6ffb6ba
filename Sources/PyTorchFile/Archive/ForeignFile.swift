/// What a file without a zip archive's end is, as far as its first bytes tell, and what its owner can do.
enum ForeignFile {
    static func defect(of file: UnsafeRawBufferPointer) -> Defect {
        if file.isEmpty { return .foreign("the file is empty") }
        if begins(file, with: [0x50, 0x4B, 0x03, 0x04]) {
            return .malformed("the end of the archive is missing, the file is cut short at \(file.count) bytes")
        }
        if isLegacyCheckpoint(file) {
            return .unsupported(
                "it has the format of PyTorch before 1.6; load it with torch.load and save it once with a later PyTorch")
        }
        // The position of the word is that of POSIX's tar header.
        if contains(file, Array("ustar".utf8), at: 257) {
            return .unsupported(
                "it is a tar archive, the format of PyTorch's first releases; load it with torch.load and save it once "
                    + "with a later PyTorch, or unpack it if it holds checkpoints")
        }
        if begins(file, with: [0x1F, 0x8B]) { return .unsupported("it is compressed with gzip; unpack it first") }
        if isPickle(file) {
            return .foreign("it is a pickle without an archive around it; save it with torch.save")
        }
        if isSafetensors(file) { return .foreign("it is a safetensors file; give it the extension .safetensors") }
        if begins(file, with: Array("version https://git-lfs".utf8)) {
            return .foreign("it is a pointer of Git LFS; fetch the file itself with 'git lfs pull'")
        }
        if begins(file, with: Array("<!".utf8)) || begins(file, with: Array("<html".utf8)) {
            return .foreign("it is a web page; download the file itself")
        }
        return .foreign("it is no zip archive")
    }

    /// The first pickle of such a file is the number 0x1950A86A20F9469CFC6C alone.
    ///
    /// Source: PyTorch, `torch/serialization.py`, `MAGIC_NUMBER`.
    private static func isLegacyCheckpoint(_ file: UnsafeRawBufferPointer) -> Bool {
        let number: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]
        // PROTO and its argument come first; from protocol 4 on FRAME with eight bytes follows.
        return begins(file, with: [0x80]) && (contains(file, number, at: 2) || contains(file, number, at: 11))
    }

    private static func isPickle(_ file: UnsafeRawBufferPointer) -> Bool {
        file.count >= 4 && file[0] == 0x80 && (2...5).contains(file[1]) && file[file.count - 1] == PickleOpcode.stop.rawValue
    }

    private static func isSafetensors(_ file: UnsafeRawBufferPointer) -> Bool {
        guard file.count >= 10, file[8] == UInt8(ascii: "{") else { return false }
        let header = UInt64(littleEndian: file.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
        return header <= file.count - 8
    }

    private static func begins(_ file: UnsafeRawBufferPointer, with bytes: [UInt8]) -> Bool {
        contains(file, bytes, at: 0)
    }

    private static func contains(_ file: UnsafeRawBufferPointer, _ bytes: [UInt8], at offset: Int) -> Bool {
        file.count >= offset + bytes.count && file[offset..<offset + bytes.count].elementsEqual(bytes)
    }
}
