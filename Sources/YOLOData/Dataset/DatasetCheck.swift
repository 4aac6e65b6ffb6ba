import Detection

/// What `yolov5 data check` says of a data set: how many objects of which class and size, and what is wrong.
public struct DatasetCheck: Sendable {
    public let description: DatasetDescription
    /// The splits that the description names and that have images, in the order train, val, test.
    public let splits: [LabeledImageSet]
    /// Images that are in two splits, whatever they are called.
    public let leaks: [SplitLeak]
    /// Why a training would not begin.
    public let failures: [DataError]
    /// That a validation would find nothing, and the like.
    public let warnings: [String]

    /// Reads labels and images of all splits. What is wrong with one of them does not keep it from looking at the others.
    ///
    /// - Parameter progress: Called on this thread while files are read.
    public init(
        _ description: DatasetDescription, options: LabelOptions = LabelOptions(), progress: (ScanProgress) -> Void = { _ in }
    ) {
        self.description = description
        var splits: [LabeledImageSet] = [], failures: [DataError] = [], warnings: [String] = []
        for (name, sources) in [("train", description.train), ("val", description.validation), ("test", description.test)]
        where !sources.isEmpty {
            do throws(DataError) {
                let set = try LabeledImageSet(reading: sources, of: description, name: name, options: options, progress: progress)
                splits.append(set)
                if let refusal = set.refusal(by: options.policy, requiresLabels: name == "train") { throw refusal }
                if let warning = set.warning { warnings.append(warning) }
            } catch {
                // A training does not look at the test images.
                if name == "test" { warnings.append("test: \(error)") } else { failures.append(error) }
            }
        }
        (self.splits, self.failures, self.warnings) = (splits, failures, warnings)
        leaks = SplitLeak.all(among: splits)
    }

    /// Classes of the description of which the training split has no object.
    public var classesWithoutTraining: [Int] {
        guard let counts = splits.first(where: { $0.name == "train" })?.labelCountByClass else { return [] }
        return counts.indices.filter { counts[$0] == 0 }
    }
}

extension LabeledImageSet {
    /// Objects by size in pixels, with images scaled to a training size: COCO's small (under 32 by 32), medium (under 96 by 96)
    /// and large ones, and of the small ones those under 3 pixels either way, which training cannot learn.
    public func labelCountBySize(imageSize: Int) -> (tiny: Int, small: Int, medium: Int, large: Int) {
        var counts = (tiny: 0, small: 0, medium: 0, large: 0)
        for index in images.indices {
            let size = images.size(index)
            let scale = Double(imageSize) / Double(max(size.width, size.height))
            let (pixelWidth, pixelHeight) = (Float(Double(size.width) * scale), Float(Double(size.height) * scale))
            for box in images.boxes(index) {
                let (width, height) = (box.width * pixelWidth, box.height * pixelHeight)
                if min(width, height) < LabelSizes.smallSide { counts.tiny += 1 }
                switch width * height {
                case ..<(32 * 32): counts.small += 1
                case ..<(96 * 96): counts.medium += 1
                default: counts.large += 1
                }
            }
        }
        return counts
    }
}
