extension ImageHeader {
    /// Reads the header of a BMP, of the old kind with 16 bits for a side or of the later ones with 32.
    init?(bmp bytes: FileBytes) {
        guard bytes.starts(with: Array("BM".utf8)), let headerBytes = bytes.littleEndian(4, at: 14) else { return nil }
        if headerBytes == 12 {
            guard let width = bytes.littleEndian(2, at: 18), let height = bytes.littleEndian(2, at: 20) else { return nil }
            self.init(format: .bmp, width: width, height: height)
        } else {
            guard headerBytes >= 36, let width = bytes.littleEndian(4, at: 18), let height = bytes.littleEndian(4, at: 22) else { return nil }
            // A negative height says that the first row is the upper one.
            let rows = Int32(truncatingIfNeeded: height).magnitude
            self.init(format: .bmp, width: Int(Int32(truncatingIfNeeded: width)), height: Int(rows))
        }
    }
}
