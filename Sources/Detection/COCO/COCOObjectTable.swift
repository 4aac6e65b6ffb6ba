/// Annotations and detections column by column, with images and categories by their place in rising order of the ids.
struct COCOObjectTable: Sendable {
    /// By rising id.
    let categories: [COCOGroundTruth.Category]
    let imageCount: Int
    private(set) var annotations = Column()
    private(set) var detections = Column()
    /// Of the annotations.
    private(set) var areas: [Double] = []
    private(set) var isCrowd: [Bool] = []
    /// Of the detections.
    private(set) var scores: [Double] = []

    struct Column: Sendable {
        /// Places of the category and the image; the image's is below 0 for what does not count.
        var categories: [Int32] = []
        var images: [Int32] = []
        var boxes: [COCOBox] = []

        var count: Int { boxes.count }

        mutating func reserve(_ count: Int) {
            categories.reserveCapacity(count)
            images.reserveCapacity(count)
            boxes.reserveCapacity(count)
        }

        mutating func append(category: Int32, image: Int32, _ box: COCOBox) {
            categories.append(category)
            images.append(image)
            boxes.append(box)
        }
    }

    init(
        _ detections: [COCODetection], _ groundTruth: COCOGroundTruth, images wanted: [AnnotationID]?
    ) throws(COCOError) {
        var placeOfCategory: [Int: Int32] = [:]
        // Of several with one id the first counts.
        let unique = groundTruth.categories.filter { placeOfCategory.updateValue(0, forKey: $0.id) == nil }
        categories = unique.sorted { $0.id < $1.id }
        for (place, category) in categories.enumerated() { placeOfCategory[category.id] = Int32(place) }

        let known = Set(groundTruth.images.map(\.id))
        let counted = (wanted.map { known.intersection($0) } ?? known).sorted()
        imageCount = counted.count
        var images = Places(known)
        for (place, id) in counted.enumerated() { images[id] = Int32(place) }

        annotations.reserve(groundTruth.annotations.count)
        for annotation in groundTruth.annotations {
            guard let image = images[annotation.imageID], image >= 0 else { continue }
            guard let category = placeOfCategory[annotation.categoryID] else { continue }
            annotations.append(category: category, image: image, annotation.box)
            areas.append(annotation.area)
            isCrowd.append(annotation.isCrowd)
        }
        self.detections.reserve(detections.count)
        scores.reserveCapacity(detections.count)
        var unknown: (example: AnnotationID, count: Int)?
        for detection in detections {
            guard let image = images[detection.imageID] else {
                unknown = (unknown?.example ?? detection.imageID, (unknown?.count ?? 0) + 1)
                continue
            }
            guard image >= 0, let category = placeOfCategory[detection.categoryID] else { continue }
            self.detections.append(category: category, image: image, detection.box)
            scores.append(detection.score)
        }
        if let unknown { throw .unknownImages(example: unknown.example, count: unknown.count, imageCount: known.count) }
    }

    /// Places of images by their ids. Detections come image by image as a rule, so the last one is asked first.
    private struct Places {
        private var placeOfID: [AnnotationID: Int32]
        private var last: (id: AnnotationID, place: Int32)?

        /// - Parameter ids: Those that are known; their place is -1 until they are given one.
        init(_ ids: Set<AnnotationID>) {
            placeOfID = Dictionary(uniqueKeysWithValues: ids.map { ($0, -1) })
        }

        subscript(id: AnnotationID) -> Int32? {
            mutating get {
                if let last, last.id == id { return last.place }
                guard let place = placeOfID[id] else { return nil }
                last = (id, place)
                return place
            }
            set {
                placeOfID[id] = newValue
                last = nil
            }
        }
    }
}
