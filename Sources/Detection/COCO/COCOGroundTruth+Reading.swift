extension COCOGroundTruth {
    /// Reads a file of annotations in COCO's form.
    ///
    ///     {"images": [{"id": 139, "file_name": "000000000139.jpg"}], "categories": [{"id": 1, "name": "person"}],
    ///      "annotations": [{"image_id": 139, "category_id": 1, "bbox": [412.8, 157.61, 53.05, 138.01], "area": 2913.1, "iscrowd": 0}]}
    ///
    /// Other keys are passed over, outlines among them. Without `area` that of the box counts.
    /// - Throws: `COCOError` for a file that is not there or not in this form, with the first thing that is wrong.
    public init(contentsOf path: String) throws(COCOError) {
        try self.init(COCODocument(path))
    }

    init(_ document: COCODocument) throws(COCOError) {
        var contents = Contents()
        try document.read { reader throws(JSONReader.Defect) in try contents.read(&reader) }
        self.init(images: contents.images, categories: contents.categories, annotations: contents.annotations)
    }

    private struct Contents {
        var images: [Image] = []
        var categories: [Category] = []
        var annotations: [Annotation] = []

        mutating func read(_ reader: inout JSONReader) throws(JSONReader.Defect) {
            let isObject = reader.nextKind() == .object
            let start = reader.position
            guard isObject else {
                try reader.skipValue()
                throw JSONReader.Defect(
                    position: start,
                    reason: "the document is \(reader.excerpt(from: start)), not an object with 'images', 'categories' and 'annotations'",
                    isSyntax: false)
            }
            var keys: [String] = []
            try reader.readObject { reader, key throws(JSONReader.Defect) in
                keys.append(key)
                switch key {
                case "images":
                    try reader.readEntries(of: key) { reader, entry throws(JSONReader.Defect) in
                        images.append(try Image(&reader, entry))
                    }
                case "categories":
                    try reader.readEntries(of: key) { reader, entry throws(JSONReader.Defect) in
                        categories.append(try Category(&reader, entry))
                    }
                case "annotations":
                    try reader.readEntries(of: key) { reader, entry throws(JSONReader.Defect) in
                        annotations.append(try Annotation(&reader, entry))
                    }
                default: try reader.skipValue()
                }
            }
            for list in ["images", "categories", "annotations"] where !keys.contains(list) {
                let found = keys.isEmpty ? "nothing" : keys.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
                throw JSONReader.Defect(
                    position: start, reason: "there is no list '\(list)', only \(found)\(keys.count > 5 ? ", …" : "")", isSyntax: false)
            }
        }
    }
}

extension COCOGroundTruth.Image {
    fileprivate init(_ reader: inout JSONReader, _ entry: COCOEntry) throws(JSONReader.Defect) {
        var id: AnnotationID?
        var fileName: String?
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            switch key {
            case "id": id = try entry.identifier(key, &reader)
            case "file_name": fileName = try reader.readString()
            default: try reader.skipValue()
            }
        }
        guard let id else { throw entry.lacks("id") }
        self.init(id: id, fileName: fileName)
    }
}

extension COCOGroundTruth.Category {
    fileprivate init(_ reader: inout JSONReader, _ entry: COCOEntry) throws(JSONReader.Defect) {
        var id: Int?
        var name: String?
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            switch key {
            case "id": id = try entry.wholeNumber(key, &reader)
            case "name": name = try reader.readString()
            default: try reader.skipValue()
            }
        }
        guard let id else { throw entry.lacks("id") }
        self.init(id: id, name: name ?? "\(id)")
    }
}

extension COCOGroundTruth.Annotation {
    fileprivate init(_ reader: inout JSONReader, _ entry: COCOEntry) throws(JSONReader.Defect) {
        var imageID: AnnotationID?
        var categoryID: Int?
        var box: COCOBox?
        var area: Double?
        var isCrowd = false
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            switch key {
            case "image_id": imageID = try entry.identifier(key, &reader)
            case "category_id": categoryID = try entry.wholeNumber(key, &reader)
            case "bbox": box = try entry.box(key, &reader)
            case "area": area = try entry.number(key, &reader)
            case "iscrowd": isCrowd = try reader.readFlag()
            default: try reader.skipValue()
            }
        }
        guard let imageID else { throw entry.lacks("image_id") }
        guard let categoryID else { throw entry.lacks("category_id") }
        guard let box else { throw entry.lacks("bbox") }
        self.init(imageID: imageID, categoryID: categoryID, box: box, area: area, isCrowd: isCrowd)
    }
}
