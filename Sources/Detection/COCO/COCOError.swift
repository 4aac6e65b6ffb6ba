import PrintableText

/// What keeps detections from being evaluated against COCO's annotations, or from being written.
public enum COCOError: Error, Hashable, Sendable {
    /// A file is there but cannot be read, or is not there.
    case unreadable(path: String, reason: String)
    /// A file is not in its form; `line` counts from 1.
    case malformed(path: String, line: Int?, problem: String)
    case unwritable(path: String, reason: String)
    /// Detections, `count` of them, are of images that the ground truth does not have; `example` is the first of these.
    case unknownImages(example: AnnotationID, count: Int, imageCount: Int)
}

extension COCOError: CustomStringConvertible {
    public var description: String {
        let text = switch self {
        case .unreadable(let path, let reason):
            "\(path) cannot be read: \(reason)"
        case .malformed(let path, let line, let problem):
            line.map { "\(path):\($0): \(problem)" } ?? "\(path): \(problem)"
        case .unwritable(let path, let reason):
            "\(path) cannot be written: \(reason)"
        case .unknownImages(let example, let count, let imageCount):
            (count == 1 ? "a detection is" : "\(count) detections are")
                + " of images that are not among the \(imageCount) of the ground truth, such as image \(example); "
                + "evaluate them against the annotations of their own images"
        }
        return text.printable(longest: 1000)
    }
}
