import YOLOData
import YOLOModel

/// The values of options that make sense, the same for the command and for programs.
enum OptionLimits {
    static let epochs = 1...1_000_000
    static let batchSize = 1...65_536
    /// Pixels; far beyond what fits into memory, and safely inside the arithmetic.
    static let imageSize = 1...65_536
    static let workers = 0...1024
    static let seed = 0...Int.max
    /// Of objects an image: as many candidates are looked at.
    static let maximumDetections = 1...30_000
    static let count = 0...1_000_000

    static func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws(TrainingError) {
        guard !range.contains(value) else { return }
        let expected = range.upperBound == .max
            ? "\(range.lowerBound) or more" : "a whole number between \(range.lowerBound) and \(range.upperBound)"
        throw .invalidOption(option, found: "\(value)", expected: expected)
    }

    /// - Parameter device: as given to `--device`; whether there is such a device is seen later.
    static func check(device: String) throws(TrainingError) {
        let name = device.lowercased()
        let number = name.hasPrefix("cuda:") ? name.dropFirst("cuda:".count) : name[...]
        guard !name.isEmpty, name != "cpu", Int(number).map({ $0 < 0 }) ?? true else { return }
        throw .invalidOption("--device", found: "'\(device)'", expected: "cpu or the number of one CUDA device")
    }

    static func check(_ option: String, fraction value: Double) throws(TrainingError) {
        guard !(0...1).contains(value) else { return }
        throw .invalidOption(option, found: "\(value)", expected: "a number between 0 and 1")
    }
}

extension TrainingOptions {
    /// Refuses values that no training can have.
    /// - Throws: `TrainingError.invalidOption` with the option's flag.
    public func validate() throws(TrainingError) {
        try OptionLimits.check("--epochs", epochs, OptionLimits.epochs)
        if batchSize != TrainingOptions.automaticBatchSize {
            guard OptionLimits.batchSize.contains(batchSize) else {
                throw .invalidOption("--batch-size", found: "\(batchSize)", expected: "1 to 65536, or -1 for as many as memory allows")
            }
        }
        try OptionLimits.check("--imgsz", imageSize, OptionLimits.imageSize)
        try OptionLimits.check("--workers", workers, OptionLimits.workers)
        try OptionLimits.check(device: device)
        try OptionLimits.check("--seed", seed, OptionLimits.seed)
        try OptionLimits.check("--patience", patience, OptionLimits.count)
        try OptionLimits.check("--save-steps", saveSteps, OptionLimits.count)
        guard !cachesValidationOnly || cache == .ram else {
            throw .invalidOption("--cache", found: "val beside \(cache.rawValue)", expected: "one of the two")
        }
        try OptionLimits.check("--label-smoothing", fraction: hyperparameters.loss.labelSmoothing)
        guard !usesRectangularBatches || !joinsFour else {
            throw .invalidOption("--rect", found: "given beside --quad", expected: "one of the two: four pictures join only where all have one size")
        }
        guard !weights.isEmpty || !configuration.isEmpty else {
            throw .invalidOption("--weights", found: "empty", expected: "weights, or a model to train from nothing: --cfg yolov5n.yaml")
        }
    }
}

extension ValidationOptions {
    /// Refuses values that no validation can have.
    /// - Throws: `TrainingError.invalidOption` with the option's flag.
    public func validate() throws(TrainingError) {
        try OptionLimits.check("--batch-size", batchSize, OptionLimits.batchSize)
        try OptionLimits.check("--imgsz", imageSize, OptionLimits.imageSize)
        try OptionLimits.check("--workers", workers, OptionLimits.workers)
        try OptionLimits.check(device: device)
        guard !weights.isEmpty, !weights.contains("") else {
            throw .invalidOption("--weights", found: "empty", expected: "one or more .pt files")
        }
        guard !usesHalfPrecision || [.auto, .fp16].contains(precision) else {
            throw .invalidOption("--precision", found: "\(precision.rawValue) beside --half", expected: "one of the two")
        }
        try OptionLimits.check("--conf-thres", fraction: usedConfidence)
        try OptionLimits.check("--iou-thres", fraction: usedOverlap)
        try OptionLimits.check("--max-det", maximumDetections, OptionLimits.maximumDetections)
        for size in studySizes { try OptionLimits.check("image size of a study", size, OptionLimits.imageSize) }
        guard task != .study || !studySizes.isEmpty else {
            throw .invalidOption("image sizes of a study", found: "none", expected: "one or more")
        }
    }
}
