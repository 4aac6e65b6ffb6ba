/// What can stop a training or a validation for reasons that its user can do something about.
public enum TrainingError: Error, Hashable, Sendable, CustomStringConvertible {
    case fileNotFound(what: String, path: String, advice: String)
    case unreadable(path: String, reason: String)
    case unknownKey(String, file: String, line: Int, nearest: String?)
    case wrongValue(key: String, file: String, line: Int, found: String, expected: String)
    case notAMapping(file: String)
    case wrongOptionFile(String, found: String, expected: String)
    case cannotCreate(path: String, reason: String)
    case cannotWrite(path: String, reason: String)
    case invalidOption(String, found: String, expected: String)
    case classCountMismatch(weights: String, inModel: Int, data: String, inData: Int)
    case cannotResume(path: String, reason: String)
    /// - What became so, and where.
    case lossNotFinite(String, precision: String)
    case outOfMemory(device: String, batchSize: Int, imageSize: Int)

    public var description: String {
        switch self {
        case .fileNotFound(let what, let path, let advice):
            "\(what) '\(path)' does not exist; \(advice)"
        case .unreadable(let path, let reason):
            "cannot read '\(path)': \(reason)"
        case .unknownKey(let key, let file, let line, let nearest):
            "\(file):\(line): unknown key '\(key)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
        case .wrongValue(let key, let file, let line, let found, let expected):
            "\(file):\(line): '\(key)' is \(found); expected \(expected)"
        case .notAMapping(let file):
            "\(file): expected lines of the form 'key: value'"
        case .wrongOptionFile(let file, let found, let expected):
            "\(file): found \(found); expected \(expected)"
        case .cannotCreate(let path, let reason):
            "cannot create '\(path)': \(reason)"
        case .cannotWrite(let path, let reason):
            "cannot write '\(path)': \(reason)"
        case .invalidOption(let option, let found, let expected):
            "\(option) is \(found); expected \(expected)"
        case .classCountMismatch(let weights, let inModel, let data, let inData):
            "'\(weights)' knows \(inModel) classes, '\(data)' has \(inData); take the data set that the weights were trained on"
        case .cannotResume(let path, let reason):
            "cannot resume '\(path)': \(reason)"
        case .lossNotFinite(let divergence, let precision):
            """
            the \(divergence), and not for the first time; the weights saved so far are intact. \
            Try \(precision == "float32" ? "" : "--precision fp32, ")a smaller lr0, a longer warm-up (warmup_epochs), or look at the labels of that batch
            """
        case .outOfMemory(let device, let batchSize, let imageSize):
            "\(device) has too little memory for batches of \(batchSize) images of \(imageSize) pixels; try a smaller --batch-size"
        }
    }
}
