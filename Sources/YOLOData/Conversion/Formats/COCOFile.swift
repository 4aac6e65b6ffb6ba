import Detection

/// A file of annotations in COCO's form: its categories and images, and where in the file the annotations of each image stand.
///
/// The annotations themselves stay in the file until they are asked for, image by image: half a gigabyte of them needs a few
/// dozen megabytes.
struct COCOFile: Sendable {
    struct Category: Hashable, Sendable {
        var id: AnnotationID
        var name: String
    }

    struct Image: Sendable {
        var id: AnnotationID
        var fileName: String?
        var width, height: Double?
        /// Place in `sequences`; only in Argoverse-HD (`sid`).
        var sequence: Int?
    }

    let text: MappedText
    /// In the order of the file.
    private(set) var categories: [Category] = []
    /// In the order of the file, without those whose id repeats an earlier one.
    private(set) var images: [Image] = []
    /// Folders of sequences of images; only in Argoverse-HD (`seq_dirs`).
    private(set) var sequences: [String] = []
    /// What is wrong with the images, and annotations of images that are not there.
    private(set) var tally = ConversionTally()
    private var index = AnnotationIndex()

    /// - Throws: `ConversionError` for broken syntax, and for JSON that is none of COCO's.
    init(_ path: String) throws(ConversionError) {
        let text = try MappedText(path)
        var contents = Contents(path: path)
        try text.readJSON { reader throws(JSONReader.Defect) in try contents.read(&reader) }
        self.text = text
        for (key, isThere) in [("images", contents.hasImages), ("annotations", contents.hasAnnotations)] where !isThere {
            throw .malformed(
                file: path, line: nil,
                problem: "there is no list '\(key)'; annotations in COCO's form have 'images', 'annotations' and 'categories'")
        }
        categories = contents.categories
        sequences = contents.sequences
        tally = contents.tally
        takeImages(contents)
    }

    private mutating func takeImages(_ contents: Contents) {
        var placeOfID: [AnnotationID: Int] = [:]
        for image in contents.images {
            if placeOfID[image.id] != nil {
                tally.count(.unusableImage, "\(text.path): image \(image.id) (\(image.fileName ?? "")) has the id of an earlier one")
            } else {
                placeOfID[image.id] = images.count
                images.append(image)
            }
        }
        index = AnnotationIndex(contents.positions, places: contents.imageIDs.map { placeOfID[$0] }, count: images.count)
        for (id, count) in zip(contents.imageIDs, contents.counts) where placeOfID[id] == nil {
            let annotations = count == 1 ? "an annotation is" : "\(count) annotations are"
            tally.count(.unusable, times: count, "\(text.path): \(annotations) of image \(id), which is not there")
        }
    }

    mutating func setCategories(_ categories: [Category]) { self.categories = categories }

    /// Where the annotations of an image stand in the text, in the order of the file.
    func annotationPositions(ofImage image: Int) -> ArraySlice<Int> { index.positions(at: image) }
}

/// What one pass over the text gathers.
private struct Contents {
    let path: String
    var hasImages = false
    var hasAnnotations = false
    var categories: [COCOFile.Category] = []
    var images: [COCOFile.Image] = []
    var sequences: [String] = []
    var tally = ConversionTally()
    /// Ids of images by their number, in the order in which annotations name them.
    var imageIDs: [AnnotationID] = []
    /// How many annotations name each of them.
    var counts: [Int] = []
    /// Of each annotation.
    var positions: [(position: Int, imageNumber: Int32)] = []
    private var numberOfID: [AnnotationID: Int] = [:]

    init(path: String) { self.path = path }

    mutating func read(_ reader: inout JSONReader) throws(JSONReader.Defect) {
        guard reader.nextKind() == .object else { return try reader.skipValue() }
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            guard reader.nextKind() == .array else { return try reader.skipValue() }
            switch key {
            case "images":
                hasImages = true
                try reader.readArray { reader throws(JSONReader.Defect) in try readImage(&reader) }
            case "annotations":
                hasAnnotations = true
                try reader.readArray { reader throws(JSONReader.Defect) in try readAnnotation(&reader) }
            case "categories": try reader.readArray { reader throws(JSONReader.Defect) in try readCategory(&reader) }
            case "seq_dirs":
                try reader.readArray { reader throws(JSONReader.Defect) in sequences.append(try reader.readString() ?? "") }
            default: try reader.skipValue()
            }
        }
    }

    private mutating func readImage(_ reader: inout JSONReader) throws(JSONReader.Defect) {
        guard reader.nextKind() == .object else {
            tally.count(.unusable, "\(path): an entry of 'images' is no object")
            return try reader.skipValue()
        }
        var id: AnnotationID?
        var image = COCOFile.Image(id: .number(0))
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            switch key {
            case "id": id = try reader.readIdentifier()
            case "file_name": image.fileName = try reader.readString()
            // Argoverse-HD calls it so.
            case "name": image.fileName = try reader.readString() ?? image.fileName
            case "width": image.width = try reader.readNumber()
            case "height": image.height = try reader.readNumber()
            case "sid": image.sequence = try reader.readNumber().flatMap { Int(exactly: $0) }
            default: try reader.skipValue()
            }
        }
        guard let id else { return tally.count(.unusable, "\(path): image '\(image.fileName ?? "")' has no id") }
        image.id = id
        images.append(image)
    }

    private mutating func readCategory(_ reader: inout JSONReader) throws(JSONReader.Defect) {
        guard reader.nextKind() == .object else {
            tally.count(.unusable, "\(path): an entry of 'categories' is no object")
            return try reader.skipValue()
        }
        var id: AnnotationID?
        var name: String?
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            switch key {
            case "id": id = try reader.readIdentifier()
            case "name": name = try reader.readString()
            default: try reader.skipValue()
            }
        }
        guard let id else { return tally.count(.unusable, "\(path): category '\(name ?? "")' has no id") }
        categories.append(COCOFile.Category(id: id, name: name ?? "class\(id)"))
    }

    private mutating func readAnnotation(_ reader: inout JSONReader) throws(JSONReader.Defect) {
        guard reader.nextKind() == .object else {
            tally.count(.unusable, "\(path): an entry of 'annotations' is no object")
            return try reader.skipValue()
        }
        let position = reader.position
        var image: AnnotationID?
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            if key == "image_id" { image = try reader.readIdentifier() } else { try reader.skipValue() }
        }
        guard let image else { return tally.count(.unusable, "\(path): the annotation at byte \(position) names no image") }
        let number: Int
        if let known = numberOfID[image] {
            number = known
        } else {
            number = imageIDs.count
            numberOfID[image] = number
            imageIDs.append(image)
            counts.append(0)
        }
        counts[number] += 1
        positions.append((position, Int32(truncatingIfNeeded: number)))
    }
}

/// Positions of annotations, image after image.
private struct AnnotationIndex {
    private var positions: [Int] = []
    /// Where those of each image begin, and after the last where they end.
    private var starts: [Int] = [0]

    init() {}

    /// - Parameters:
    ///   - places: By number of an image's id, its place among `count` images; nil for an image that is not there.
    init(_ annotations: [(position: Int, imageNumber: Int32)], places: [Int?], count: Int) {
        starts = [Int](repeating: 0, count: count + 1)
        for annotation in annotations {
            if let place = places[Int(annotation.imageNumber)] { starts[place + 1] += 1 }
        }
        for place in 0..<count { starts[place + 1] += starts[place] }
        positions = [Int](repeating: 0, count: starts[count])
        var next = starts
        for annotation in annotations {
            guard let place = places[Int(annotation.imageNumber)] else { continue }
            positions[next[place]] = annotation.position
            next[place] += 1
        }
    }

    func positions(at place: Int) -> ArraySlice<Int> { positions[starts[place]..<starts[place + 1]] }
}
