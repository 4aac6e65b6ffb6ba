/// The images of one part of a data set with their labels and sizes, all read and checked; no pixel is decoded.
///
///     let data = try DatasetDescription(contentsOf: "coco128.yaml")
///     let images = try LabeledImageSet(data.train, of: data, name: "train", requiresLabels: true)
///     print(images.summary)        // train: 128 images, 929 labels, 2 missing, …
public struct LabeledImageSet: Sendable {
    /// What the set is called in messages ("train", "val").
    public let name: String
    /// By path.
    package let images: [LabeledImage]
    public let classCount: Int
    /// Objects of all images.
    public let labelCount: Int
    /// Label files that exist, also of images that were dropped.
    public let foundCount: Int
    /// Images without a label file: background.
    public let missingCount: Int
    /// Label files without an object: background.
    public let emptyCount: Int
    /// Images that were dropped because they or their labels cannot be used.
    public let corruptCount: Int
    /// One sentence for each thing that was dropped, in the order of the images; last, whether there is no label at all.
    public let warnings: [String]

    /// Reads the labels and the sizes of all images, on all cores; the result does not depend on their number.
    ///
    /// - Parameters:
    ///   - sources: Folders and lists, as in `DatasetDescription.train`.
    ///   - requiresLabels: Whether a set without a single object is an error, as it is for training, or only a warning.
    /// - Throws: `DataError` if there are no images, no labels, or a label file that is not of this data set.
    public init(
        _ sources: [String], of description: DatasetDescription, name: String, requiresLabels: Bool
    ) throws(DataError) {
        let paths = try ImagePaths.list(sources)
        let classCount = description.classCount
        let checks = concurrentMap(paths) {
            ImageCheck(imagePath: $0, labelPath: ImagePaths.labelPath(forImage: $0), classCount: classCount)
        }
        if let problem = checks.first(where: \.stopsTraining)?.problem { throw problem }
        self.name = name
        self.classCount = classCount
        images = checks.compactMap(\.image)
        labelCount = images.reduce(0) { $0 + $1.objects.count }
        foundCount = checks.count { $0.labels == .found || $0.labels == .empty }
        missingCount = checks.count { $0.labels == .missing }
        emptyCount = checks.count { $0.labels == .empty }
        corruptCount = checks.count { $0.image == nil }
        var warnings = checks.compactMap(\.warning)
        guard !images.isEmpty else {
            throw .fileAccess(
                path: sources.joined(separator: ", "),
                reason: "none of the \(paths.count) images can be used; the first: \(warnings.first ?? "")")
        }
        if labelCount == 0 {
            let tried = paths.prefix(3).map(ImagePaths.labelPath(forImage:))
            let problem = DataError.noLabels(split: name, images: paths.count, tried: tried, filesFound: foundCount)
            if requiresLabels { throw problem }
            warnings.append("mAP will be 0: \(problem)")
        }
        self.warnings = warnings
    }

    public var imageCount: Int { images.count }

    /// Labels by class.
    public var labelCountByClass: [Int] {
        var counts = [Int](repeating: 0, count: classCount)
        for image in images {
            for object in image.objects { counts[object.classIndex] += 1 }
        }
        return counts
    }

    public var summary: String {
        "\(name): \(imageCount) images, \(labelCount) labels"
            + " (label files: \(foundCount) found, \(missingCount) missing, \(emptyCount) empty; \(corruptCount) images dropped)"
    }
}

/// An image that can be used, its upright size in pixels, and its objects.
package struct LabeledImage: Hashable, Sendable {
    package var path: String
    package var width: Int
    package var height: Int
    package var objects: [LabeledObject]

    package init(path: String, width: Int, height: Int, objects: [LabeledObject]) {
        self.path = path
        self.width = width
        self.height = height
        self.objects = objects
    }
}
