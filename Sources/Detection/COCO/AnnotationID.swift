/// What a file of annotations calls an image, a category or an annotation: a number, or a text in some exports.
///
/// Numbers come before texts.
public enum AnnotationID: Hashable, Sendable, Comparable {
    case number(Int)
    /// Also the digits of a number from 2^53 on, which is not exact for every reader of JSON.
    case text(String)

    /// Nil for what is no whole number.
    package init?(_ number: Double) {
        guard let whole = Int(exactly: number) else { return nil }
        self = .number(whole)
    }

    /// What the reference calls an image in its files of detections: the file's name without folder and suffix, as a number if it
    /// has only digits.
    ///
    /// Source: YOLOv5 6.2, `save_one_json`.
    public init(ofFile path: String) {
        let name = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: true).last ?? path.utf8[...]
        let stem = switch name.lastIndex(of: UInt8(ascii: ".")) {
        case let dot? where dot > name.startIndex: name[..<dot]
        default: name
        }
        guard Self.areDigits(stem) else {
            self = .text(String(Substring(stem)))
            return
        }
        let digits = Substring(stem.drop { $0 == UInt8(ascii: "0") })
        if let number = Int(digits.isEmpty ? "0" : digits), number < 1 << 53 {
            self = .number(number)
        } else {
            self = .text(String(digits))
        }
    }

    /// Whether it stands for a number that is too large for `number`.
    var isLargeNumber: Bool {
        guard case .text(let text) = self else { return false }
        return text.utf8.count >= 16 && text.utf8.first != UInt8(ascii: "0") && Self.areDigits(text.utf8)
    }

    private static func areDigits(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
    }
}

extension AnnotationID: CustomStringConvertible {
    public var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): "'\(text)'"
        }
    }
}
