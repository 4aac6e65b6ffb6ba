/// What can end a conversion of annotations.
///
/// What is wrong with one object or one image alone does not: it is left out, counted and named in the `ConversionReport`.
public enum ConversionError: Error, Hashable, Sendable {
    /// The annotations, or the images that they speak of, are in none of the places where they were looked for.
    case notFound(String, tried: [String], hint: String)
    /// A file is there but cannot be read.
    case unreadable(path: String, reason: String)
    /// A file of annotations is not in its format; `line` counts from 1.
    case malformed(file: String, line: Int?, problem: String)
    /// Files would be replaced that hold something else.
    case conflict(path: String, count: Int, hint: String)
    /// A file or a folder cannot be written.
    case unwritable(path: String, reason: String)
    /// No object was left to be written.
    case noObjects(source: String, reasons: [String])
    /// An option does not go with the format or with the files.
    case option(String)
}

extension ConversionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound(let name, let tried, let hint):
            "\(name) not found; looked in \(tried.joined(separator: ", ")); \(hint)"
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)"
        case .malformed(let file, let line, let problem):
            line.map { "\(file):\($0): \(problem)" } ?? "\(file): \(problem)"
        case .conflict(let path, let count, let hint):
            "\(path) is there already" + (count > 1 ? ", and \(count - 1) more of the files to write" : "")
                + "; nothing was written: \(hint)"
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason)"
        case .noObjects(let source, let reasons):
            "\(source): not one object can be used"
                + (reasons.isEmpty ? "; it holds no annotation" : ": \(reasons.joined(separator: "; "))")
        case .option(let problem):
            problem
        }
    }
}
