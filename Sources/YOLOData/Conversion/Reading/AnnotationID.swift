/// What a file of annotations calls an image, a category or an annotation: a number, or a text in some exports.
///
/// Numbers come before texts.
enum AnnotationID: Hashable, Sendable, Comparable {
    case number(Int)
    case text(String)

    /// Nil for what is no whole number.
    init?(_ number: Double) {
        guard let whole = Int(exactly: number) else { return nil }
        self = .number(whole)
    }
}

extension AnnotationID: CustomStringConvertible {
    var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): "'\(text)'"
        }
    }
}
