extension ImageHeader {
    /// Reads the header of a portable float map: three words and two numbers. Values from 0 to 255 are levels; others become
    /// the nearest one.
    init?(pfm bytes: FileBytes) {
        guard bytes.starts(with: [UInt8(ascii: "P")]), let kind = bytes.byte(at: 1), "Ff".utf8.contains(kind) else { return nil }
        let words = bytes.part(at: 2, count: 256).split(maxSplits: 3, omittingEmptySubsequences: true) { [9, 10, 13, 32].contains($0) }
        guard words.count >= 3, let width = Int(String(decoding: words[0], as: UTF8.self)),
            let height = Int(String(decoding: words[1], as: UTF8.self))
        else { return nil }
        let channels = kind == UInt8(ascii: "F") ? 3 : 1
        let pixelBytes = width.multipliedReportingOverflow(by: 4 * channels)
        let allBytes = pixelBytes.partialValue.multipliedReportingOverflow(by: height)
        let isComplete = !pixelBytes.overflow && !allBytes.overflow && bytes.count >= allBytes.partialValue
        self.init(format: .pfm, width: width, height: height, isComplete: isComplete)
    }
}
