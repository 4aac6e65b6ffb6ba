/// What is to be found in a set of images, as COCO's files of annotations say it (`instances_val2017.json`).
public struct COCOGroundTruth: Sendable {
    public struct Image: Hashable, Sendable {
        public var id: AnnotationID
        /// As in the file, folders included; nil where the file has none.
        public var fileName: String?

        public init(id: AnnotationID, fileName: String? = nil) {
            self.id = id
            self.fileName = fileName
        }
    }

    public struct Category: Hashable, Sendable {
        public var id: Int
        public var name: String

        public init(id: Int, name: String) {
            self.id = id
            self.name = name
        }
    }

    public struct Annotation: Hashable, Sendable {
        public var imageID: AnnotationID
        public var categoryID: Int
        public var box: COCOBox
        /// In square pixels, that of the outline: it decides whether an object is small, medium or large.
        public var area: Double
        /// Whether it stands for many objects. It need not be found, and what is found in it counts neither way.
        public var isCrowd: Bool

        /// - Parameter area: That of the box if nil.
        public init(imageID: AnnotationID, categoryID: Int, box: COCOBox, area: Double? = nil, isCrowd: Bool = false) {
            self.imageID = imageID
            self.categoryID = categoryID
            self.box = box
            self.area = area ?? box.area
            self.isCrowd = isCrowd
        }
    }

    public var images: [Image]
    public var categories: [Category]
    public var annotations: [Annotation]

    public init(images: [Image], categories: [Category], annotations: [Annotation]) {
        self.images = images
        self.categories = categories
        self.annotations = annotations
    }

    /// The ids of image files: of the one image that has the file's name, whatever the folders; otherwise of the image whose id is
    /// the name without its suffix, as in COCO. Nil where there is neither.
    public func imageIDs(ofFiles paths: [String]) -> [AnnotationID?] {
        var idOfName: [Substring: AnnotationID?] = [:]
        for image in images {
            guard let name = image.fileName.map(Self.lastPart) else { continue }
            // A name that two images share tells nothing.
            let isShared = idOfName[name].map { $0 != image.id } ?? false
            idOfName[name] = .some(isShared ? nil : image.id)
        }
        let ids = Set(images.map(\.id))
        return paths.map { path in
            if let id = idOfName[Self.lastPart(path)] { return id }
            let id = AnnotationID(ofFile: path)
            return ids.contains(id) ? id : nil
        }
    }

    private static func lastPart(_ path: String) -> Substring {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.index(after: $0)...] } ?? path[...]
    }
}
