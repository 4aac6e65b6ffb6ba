/// What is wrong with one row of a label file.
public enum LabelProblem: Error, Hashable, Sendable {
    case wrongColumns(found: Int)
    case oddPolygon(numbers: Int)
    case notANumber(String)
    case negative(String)
    case aboveOne(String)
    case fractionalClass(String)
    case classOutOfRange(Int, classCount: Int)
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
        case .fractionalClass(let text):
            "class \(text) is no whole number"
        case .classOutOfRange(let index, let classCount):
            "class \(index), but the data set has \(classCount) \(classCount == 1 ? "class" : "classes") "
                + "(0 to \(classCount - 1)); correct the label, or 'nc' and 'names' of the data set"
        }
    }
}
