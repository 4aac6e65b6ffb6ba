/// The images of one part of a data set with their labels and sizes, all read and checked; no pixel is decoded.
///
///     let data = try DatasetDescription(contentsOf: "coco128.yaml")
///     let images = try LabeledImageSet(data.train, of: data, name: "train", requiresLabels: true)
///     print(images.summary)        // train: 128 images, 929 labels (label files: 126 found, …
public struct LabeledImageSet: Sendable {
    /// What the set is called in messages ("train", "val").
    public let name: String
    /// By path.
    package let images: LabeledImages
    public let classCount: Int
    /// Objects of all images.
    public let labelCount: Int
    /// Label files that exist, also of images that were left out.
    public let foundCount: Int
    /// Images without a label file: background.
    public let missingCount: Int
    /// Label files without an object: background.
    public let emptyCount: Int
    /// Images that were left out because they or their labels cannot be used.
    public let corruptCount: Int
    /// Everything that was left out, and why.
    public let report: ScanReport
    /// Why there is no label at all; nil where there are some.
    private let lackOfLabels: DataError?

    /// Reads the labels and the sizes of all images on all cores, or what a cache knows of them; the result depends on neither.
    ///
    /// - Parameters:
    ///   - sources: Folders and lists, as in `DatasetDescription.train`.
    ///   - requiresLabels: Whether a set without a single object is an error, as it is for training, or only a warning.
    ///   - progress: Called on this thread while files are read.
    /// - Throws: `DataError` if there are no images, no labels, labels that are mostly wrong, or what the policy does not allow.
    public init(
        _ sources: [String], of description: DatasetDescription, name: String, requiresLabels: Bool,
        options: LabelOptions = LabelOptions(), progress: (ScanProgress) -> Void = { _ in }
    ) throws(DataError) {
        try self.init(reading: sources, of: description, name: name, options: options, progress: progress)
        if let refusal = refusal(by: options.policy, requiresLabels: requiresLabels) { throw refusal }
    }

    /// Reads the same, but lets everything pass that is not usable, for whoever wants to know what it is.
    ///
    /// - Throws: `DataError` if there are no images.
    init(
        reading sources: [String], of description: DatasetDescription, name: String, options: LabelOptions,
        progress: (ScanProgress) -> Void
    ) throws(DataError) {
        let paths = try ImagePaths.list(sources)
        let scan = DatasetScan(
            name: name, paths: paths, sources: sources, classNames: description.names, options: options)
        let records = scan.records(progress)
        report = ScanReport(name: name, problems: records.remarks.map(\.problem))
        self.name = name
        classCount = options.isSingleClass ? 1 : description.classCount
        let entries = records.entries
        let places = entries.indices.filter { entries[$0].isUsable }.map { Int32($0) }
        images = LabeledImages(
            records.arena, places: places.count == records.count ? nil : places, isSingleClass: options.isSingleClass)
        labelCount = records.arena.objectCount
        foundCount = entries.count { $0.labels == .found || $0.labels == .empty }
        missingCount = entries.count { $0.labels == .missing }
        emptyCount = entries.count { $0.labels == .empty }
        corruptCount = entries.count { !$0.isUsable }
        lackOfLabels = labelCount > 0 ? nil
            : .noLabels(split: name, images: paths.count, hints: LabelHints(images: paths, filesFound: foundCount))
    }

    /// Why this is nothing to train on, or to validate with; nil if it is.
    ///
    /// - Parameter policy: As the labels were read by.
    func refusal(by policy: LabelPolicy, requiresLabels: Bool) -> DataError? {
        if let refusal = report.refusal(by: policy) { return refusal }
        if images.isEmpty {
            return .noUsableImages(split: name, images: corruptCount, first: report.lines(first: 3))
        }
        let wrongRows = report.problems.count { $0.kind.isAboutRow }
        // The reference leaves out whole images, with good rows that nobody counts.
        if policy == .rows, wrongRows > labelCount {
            return .mostlyWrong(split: name, rows: wrongRows + labelCount, wrong: wrongRows, first: report.lines(first: 3))
        }
        return requiresLabels ? lackOfLabels : nil
    }

    /// That there is no label at all, where that is no error.
    public var warning: String? { lackOfLabels.map { "mAP will be 0: \($0)" } }

    public var imageCount: Int { images.count }

    /// The images' files, sorted.
    package var imagePaths: [String] { images.indices.map { images.path($0) } }

    /// Labels by class.
    public var labelCountByClass: [Int] {
        var counts = [Int](repeating: 0, count: classCount)
        for image in images.indices {
            for classIndex in images.classes(image) { counts[classIndex] += 1 }
        }
        return counts
    }

    public var summary: String {
        "\(name): \(imageCount) images, \(labelCount) labels"
            + " (label files: \(foundCount) found, \(missingCount) missing, \(emptyCount) empty; \(corruptCount) images dropped)"
    }
}

extension ScanReport {
    /// What a policy does not leave out but refuses.
    fileprivate func refusal(by policy: LabelPolicy) -> DataError? {
        switch policy {
        case .rows: return nil
        case .reference:
            // The reference, too, counts on classes that it knows, but trains with an assertion.
            return problems.first { $0.kind == .classOutOfRange }.map {
                .refusedLabels(split: name, policy: policy, first: ["    \($0)"])
            }
        case .strict:
            let serious = problems.filter { !$0.kind.isHarmless }
            return serious.isEmpty ? nil
                : .refusedLabels(split: name, policy: policy, first: ScanReport(name: name, problems: serious).lines())
        }
    }
}
