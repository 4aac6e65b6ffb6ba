import Foundation

/// A file in JSON, mapped into memory.
struct COCODocument {
    private let path: String
    private let data: Data
    /// A byte-order mark before the text.
    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// - Parameter path: To be named in messages.
    init(_ data: Data, path: String) {
        self.path = path
        self.data = data
    }

    init(_ path: String) throws(COCOError) {
        self.path = path
        var status = stat()
        guard stat(path, &status) == 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, reason: "it is no file") }
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
    }

    /// - Parameter body: Reads the whole document.
    func read(_ body: (inout JSONReader) throws(JSONReader.Defect) -> Void) throws(COCOError) {
        let defect = data.withUnsafeBytes { bytes -> JSONReader.Defect? in
            do throws(JSONReader.Defect) {
                var reader = JSONReader(bytes, at: bytes.starts(with: Self.mark) ? Self.mark.count : 0)
                try body(&reader)
                try reader.expectEnd()
                return nil
            } catch {
                return error
            }
        }
        guard let defect else { return }
        let line = data.withUnsafeBytes { bytes in 1 + bytes.prefix(defect.position).count { $0 == UInt8(ascii: "\n") } }
        throw .malformed(
            path: path, line: line,
            problem: defect.isSyntax ? "not valid JSON at byte \(defect.position): \(defect.reason)" : defect.reason)
    }
}

/// An entry of a list, to be named in messages.
struct COCOEntry {
    /// From 1.
    let ordinal: Int
    /// Nil if the list is the whole document.
    let list: String?
    let position: Int

    private var name: String { list.map { "entry \(ordinal) of '\($0)'" } ?? "entry \(ordinal)" }

    func lacks(_ key: String) -> JSONReader.Defect {
        JSONReader.Defect(position: position, reason: "\(name) has no '\(key)'", isSyntax: false)
    }

    /// Reads the value of `key`.
    ///
    /// - Parameters:
    ///   - expected: What it should be, for the message.
    ///   - read: Gives nil for what it should not be.
    func value<Value>(
        _ key: String, _ reader: inout JSONReader, expected: String,
        _ read: (inout JSONReader) throws(JSONReader.Defect) -> Value?
    ) throws(JSONReader.Defect) -> Value {
        _ = reader.nextKind()
        let start = reader.position
        if let value = try read(&reader) { return value }
        throw JSONReader.Defect(
            position: start, reason: "\(name): '\(key)' is \(reader.excerpt(from: start)), not \(expected)", isSyntax: false)
    }

    func identifier(_ key: String, _ reader: inout JSONReader) throws(JSONReader.Defect) -> AnnotationID {
        try value(key, &reader, expected: "a whole number or a text") { reader throws(JSONReader.Defect) in try reader.readIdentifier() }
    }

    func wholeNumber(_ key: String, _ reader: inout JSONReader) throws(JSONReader.Defect) -> Int {
        try value(key, &reader, expected: "a whole number") { reader throws(JSONReader.Defect) in
            guard case .number(let number) = try reader.readIdentifier() else { return nil }
            return number
        }
    }

    func number(_ key: String, _ reader: inout JSONReader) throws(JSONReader.Defect) -> Double {
        try value(key, &reader, expected: "a finite number") { reader throws(JSONReader.Defect) in
            guard let number = try reader.readNumber(), number.isFinite else { return nil }
            return number
        }
    }

    func box(_ key: String, _ reader: inout JSONReader) throws(JSONReader.Defect) -> COCOBox {
        try value(key, &reader, expected: "left, top, width and height, four finite numbers") { reader throws(JSONReader.Defect) in
            guard let sides = try reader.readNumbers(atMost: 4), sides.count == 4, sides.allSatisfy(\.isFinite) else { return nil }
            return COCOBox(left: sides[0], top: sides[1], width: sides[2], height: sides[3])
        }
    }
}

extension JSONReader {
    /// Calls `body` at each entry of a list of objects.
    ///
    /// - Parameter list: Its name; nil if it is the whole document.
    mutating func readEntries(
        of list: String?, _ body: (inout JSONReader, COCOEntry) throws(Defect) -> Void
    ) throws(Defect) {
        guard nextKind() == .array else {
            let start = position
            try skipValue()
            throw Defect(
                position: start,
                reason: "\(list.map { "'\($0)'" } ?? "the document") is \(excerpt(from: start)), not a list", isSyntax: false)
        }
        var ordinal = 0
        try readArray { reader throws(Defect) in
            ordinal += 1
            guard reader.nextKind() == .object else {
                let start = reader.position
                try reader.skipValue()
                throw Defect(
                    position: start,
                    reason: "entry \(ordinal)\(list.map { " of '\($0)'" } ?? "") is \(reader.excerpt(from: start)), not an object",
                    isSyntax: false)
            }
            try body(&reader, COCOEntry(ordinal: ordinal, list: list, position: reader.position))
        }
    }
}
