import PrintableText

/// Something about a file of a data set that its owner should know.
public struct DataProblem: Hashable, Sendable {
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        // What leaves out an image.
        case imageUnreadable = 0, imageUndecodable, imageTiny, labelsUnreadable
        // What leaves out a row of a label file.
        case wrongColumns, oddPolygon, notANumber, negative, aboveOne, fractionalClass, classOutOfRange
        // What leaves out nothing that matters.
        case repeatedLabels, imageCutShort
    }

    public let kind: Kind
    /// The file that it is about.
    public let file: String
    /// The line of it, from 1 on; nil where the whole file is meant.
    public let line: Int?
    /// What was found, without the file's name.
    public let message: String

    init(_ kind: Kind, file: String, line: Int? = nil, _ message: String) {
        self.kind = kind
        self.file = file
        self.line = line
        self.message = message
    }
}

extension DataProblem: CustomStringConvertible {
    /// One line, whatever the file is called.
    public var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)".printable(longest: 10_000) }
}

extension DataProblem.Kind {
    /// For a summary: "3 rows with a negative value".
    func counted(_ count: Int) -> String {
        let isOne = count == 1
        let images = "\(count) \(isOne ? "image" : "images")"
        let rows = "\(count) \(isOne ? "row" : "rows")"
        return switch self {
        case .imageUnreadable: "\(images) that cannot be read"
        case .imageUndecodable: "\(images) that cannot be decoded"
        case .imageTiny: "\(images) under 10 pixels"
        case .labelsUnreadable: "\(count) label \(isOne ? "file" : "files") that cannot be read"
        case .wrongColumns: "\(rows) without 5 columns"
        case .oddPolygon: "\(rows) with half a point"
        case .notANumber: "\(rows) with something that is no number"
        case .negative: "\(rows) with a negative value"
        case .aboveOne: "\(rows) with a coordinate above 1"
        case .fractionalClass: "\(rows) with a fractional class"
        case .classOutOfRange: "\(rows) with a class that the data set does not have"
        case .repeatedLabels: "\(count) label \(isOne ? "file" : "files") with repeated rows"
        case .imageCutShort: "\(images) that \(isOne ? "ends" : "end") early"
        }
    }

    /// Whether nothing is lost by it but what is not there or is there twice.
    var isHarmless: Bool { self == .repeatedLabels || self == .imageCutShort }

    /// Whether what is in an image file leaves it out.
    var isAboutPixels: Bool { self == .imageUndecodable || self == .imageTiny }

    /// Whether it is about one row of a label file.
    var isAboutRow: Bool {
        switch self {
        case .wrongColumns, .oddPolygon, .notANumber, .negative, .aboveOne, .fractionalClass, .classOutOfRange: true
        default: false
        }
    }
}

extension LabelProblem {
    var kind: DataProblem.Kind {
        switch self {
        case .wrongColumns: .wrongColumns
        case .oddPolygon: .oddPolygon
        case .notANumber: .notANumber
        case .negative: .negative
        case .aboveOne: .aboveOne
        case .fractionalClass: .fractionalClass
        case .classOutOfRange: .classOutOfRange
        }
    }
}
