public import Imaging

/// What can be wrong with a data set, its files or the options that read it.
///
/// Every message names the thing, says what was found and what to do about it.
public enum DataError: Error, Hashable, Sendable {
    /// A file or folder was found under none of the paths tried.
    case notFound(String, tried: [String], hint: String?)
    /// A file is there but cannot be read or written.
    case fileAccess(path: String, reason: String)
    /// A data set YAML says something that cannot be used; `line` counts from 1.
    case description(file: String, line: Int?, problem: String)
    /// No file with a known image suffix is in the places where images were looked for.
    case noImages(sources: [String], lookedFor: [String])
    /// Not one image has a label.
    case noLabels(split: String, images: Int, hints: LabelHints)
    /// Not one image can be used; `first` are lines about the first problems.
    case noUsableImages(split: String, images: Int, first: [String])
    /// More rows are wrong than right: these are not the labels of this data set.
    case mostlyWrong(split: String, rows: Int, wrong: Int, first: [String])
    /// Labels that the policy does not let pass.
    case refusedLabels(split: String, policy: LabelPolicy, first: [String])
    /// An image cannot be read, decoded or drawn.
    case image(ImagingError)
    /// An image has another size than when the data set was opened.
    case changedImage(path: String)
    /// There is no memory for the pixels of a batch.
    case outOfMemory(images: Int, width: Int, height: Int)
    /// An option is out of its range.
    case option(name: String, value: String, allowed: String)
}

extension DataError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound(let name, let tried, let hint):
            "\(name) does not exist; tried \(tried.joined(separator: ", "))" + (hint.map { "; \($0)" } ?? "")
        case .fileAccess(let path, let reason):
            "\(path): \(reason)"
        case .description(let file, let line, let problem):
            line.map { "\(file):\($0): \(problem)" } ?? "\(file): \(problem)"
        case .noImages(let sources, let lookedFor):
            "no images found in \(sources.joined(separator: ", ")); "
                + "looked for files ending in \(lookedFor.joined(separator: ", "))"
        case .noLabels(let split, let images, let hints):
            "no labels for the \(images) \(split) images; \(hints)"
        case .noUsableImages(let split, let images, let first):
            "none of the \(images) \(split) images can be used: \(Self.joined(first))"
        case .mostlyWrong(let split, let rows, let wrong, let first):
            "\(wrong) of \(rows) rows in the \(split) labels cannot be used: they are of another data set or format; "
                + "'yolov5 data check' lists them. \(Self.joined(first))"
        case .refusedLabels(let split, let policy, let first):
            "the \(split) data set is not as --label-policy \(policy.rawValue) wants it; "
                + "correct it, or leave out what is wrong with --label-policy rows. \(Self.joined(first))"
        case .image(let error):
            "\(error)"
        case .changedImage(let path):
            "\(path) has changed since the data set was opened; start again when the data set is complete"
        case .outOfMemory(let images, let width, let height):
            "a batch of \(images) \(images == 1 ? "image" : "images") of \(width) by \(height) pixels needs "
                + "\((Double(images) * Double(width) * Double(height) * 3 / 1e8).rounded() / 10) GB of memory, "
                + "more than there is; give a smaller --batch-size or --img"
        case .option(let name, let value, let allowed):
            "\(name) is \(value), allowed is \(allowed)"
        }
    }

    /// The lines of a report as one.
    private static func joined(_ lines: [String]) -> String {
        lines.map { String($0.drop(while: \.isWhitespace)) }.joined(separator: "; ")
    }
}
