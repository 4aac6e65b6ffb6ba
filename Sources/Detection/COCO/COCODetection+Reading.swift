extension COCODetection {
    /// Reads a file of detections in COCO's form.
    ///
    ///     [{"image_id": 139, "category_id": 1, "bbox": [412.801, 157.613, 53.052, 138.013], "score": 0.86976}]
    ///
    /// Other keys are passed over.
    /// - Throws: `COCOError` for a file that is not there or not in this form, with the first thing that is wrong.
    public static func read(contentsOf path: String) throws(COCOError) -> [COCODetection] {
        try read(COCODocument(path))
    }

    static func read(_ document: COCODocument) throws(COCOError) -> [COCODetection] {
        var detections: [COCODetection] = []
        try document.read { reader throws(JSONReader.Defect) in
            try reader.readEntries(of: nil) { reader, entry throws(JSONReader.Defect) in
                detections.append(try COCODetection(&reader, entry))
            }
        }
        return detections
    }

    private init(_ reader: inout JSONReader, _ entry: COCOEntry) throws(JSONReader.Defect) {
        var imageID: AnnotationID?
        var categoryID: Int?
        var box: COCOBox?
        var score: Double?
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            switch key {
            case "image_id": imageID = try entry.identifier(key, &reader)
            case "category_id": categoryID = try entry.wholeNumber(key, &reader)
            case "bbox": box = try entry.box(key, &reader)
            case "score": score = try entry.number(key, &reader)
            default: try reader.skipValue()
            }
        }
        guard let imageID else { throw entry.lacks("image_id") }
        guard let categoryID else { throw entry.lacks("category_id") }
        guard let box else { throw entry.lacks("bbox") }
        guard let score else { throw entry.lacks("score") }
        self.init(imageID: imageID, categoryID: categoryID, box: box, score: score)
    }
}
