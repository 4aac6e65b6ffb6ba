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
    /// Not one image has a label; `tried` are the label files of the first images.
    case noLabels(split: String, images: Int, tried: [String], filesFound: Int)
    /// A row of a label file is wrong; `line` counts from 1.
    case label(file: String, line: Int, problem: LabelProblem)
    /// An image cannot be read, decoded or drawn.
    case image(ImagingError)
    /// An image is smaller than 10 pixels either way.
    case tinyImage(path: String, width: Int, height: Int)
    /// An image has another size than when the data set was opened.
    case changedImage(path: String)
    /// There is no memory for the pixels of a batch.
    case outOfMemory(images: Int, width: Int, height: Int)
    /// An option is out of its range.
    case option(name: String, value: String, allowed: String)
}

/// What is wrong with one row of a label file.
public enum LabelProblem: Hashable, Sendable {
    case wrongColumns(found: Int)
    case oddPolygon(numbers: Int)
    case notANumber(String)
    case negative(String)
    case aboveOne(String)
    case classOutOfRange(Int, classCount: Int)

    /// Whether the row is not in the label format, or not of this data set: training on the rest would be a mistake.
    /// The other problems cost only the image that they are in.
    public var stopsTraining: Bool {
        switch self {
        case .wrongColumns, .oddPolygon, .notANumber, .classOutOfRange: true
        case .negative, .aboveOne: false
        }
    }
}

extension LabelProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongColumns(let found):
            "a row has 5 columns (class x y width height) or a class and at least three polygon points, found \(found)"
        case .oddPolygon(let numbers):
            "a polygon is pairs of x and y after the class, found an odd \(numbers) numbers"
        case .notANumber(let text):
            "'\(text)' is not a number; rows are numbers separated by spaces, the class first"
        case .negative(let text):
            "negative value \(text); classes and coordinates start at 0"
        case .aboveOne(let text):
            "coordinate \(text) is above 1; coordinates are fractions of the image's width and height"
        case .classOutOfRange(let index, let classCount):
            "class \(index), but the data set has \(classCount) \(classCount == 1 ? "class" : "classes") "
                + "(0 to \(classCount - 1)); correct the label, or 'nc' and 'names' of the data set"
        }
    }
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
        case .noLabels(let split, let images, let tried, let filesFound):
            filesFound == 0
                ? "no labels for the \(images) \(split) images; tried \(tried.joined(separator: ", ")): "
                    + "a label file has the image's path with /images/ replaced by /labels/ and the suffix .txt"
                : "the label files of the \(images) \(split) images hold no object; "
                    + "the first are \(tried.joined(separator: ", "))"
        case .label(let file, let line, let problem):
            "\(file):\(line): \(problem)"
        case .image(let error):
            "\(error)"
        case .tinyImage(let path, let width, let height):
            "\(path): the image is \(width) by \(height) pixels; at least 10 by 10 are needed"
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
}
