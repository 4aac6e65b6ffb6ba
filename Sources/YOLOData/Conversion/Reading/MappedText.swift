import Detection
import Foundation

/// The bytes of a text file, mapped into memory: a page is read when it is looked at and can be dropped again, so that a file
/// of half a gigabyte needs no half a gigabyte.
struct MappedText: Sendable {
    let path: String
    private let data: Data
    /// A byte-order mark before the text, and what tells UTF-8 from other encodings.
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    init(_ path: String) throws(ConversionError) {
        self.path = path
        guard FileStatus(path)?.kind == .file else {
            throw .unreadable(path: path, reason: FileStatus(path) == nil ? "there is no such file" : "it is no file")
        }
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        guard !data.starts(with: [0xFF, 0xFE]), !data.starts(with: [0xFE, 0xFF]) else {
            throw .malformed(file: path, line: nil, problem: "the text is UTF-16; save it as UTF-8")
        }
    }

    /// Calls `body` with the text, without a byte-order mark.
    func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        data.withUnsafeBytes { bytes in
            body(bytes.starts(with: Self.mark) ? UnsafeRawBufferPointer(rebasing: bytes.dropFirst(Self.mark.count)) : bytes)
        }
    }

    /// Reads the text as JSON; broken syntax becomes an error with the file and the line.
    func readJSON<Result>(
        _ body: (inout JSONReader) throws(JSONReader.Defect) -> Result
    ) throws(ConversionError) -> Result {
        let result = withBytes { bytes in
            var reader = JSONReader(bytes)
            return Swift.Result { () throws(JSONReader.Defect) in
                let result = try body(&reader)
                try reader.expectEnd()
                return result
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let defect):
            throw .malformed(
                file: path, line: line(of: defect.position), problem: "not valid JSON at byte \(defect.position): \(defect.reason)")
        }
    }

    /// The line, counted from 1, that a byte is in.
    private func line(of position: Int) -> Int {
        withBytes { bytes in 1 + bytes.prefix(position).count { $0 == UInt8(ascii: "\n") } }
    }
}
