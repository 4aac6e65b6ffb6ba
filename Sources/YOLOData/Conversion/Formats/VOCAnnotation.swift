/// The annotation of one image in Pascal VOC's form.
///
///     <annotation>
///       <filename>a.jpg</filename> <size><width>500</width><height>375</height></size>
///       <object><name>dog</name> <difficult>0</difficult>
///         <bndbox><xmin>48</xmin><ymin>240</ymin><xmax>195</xmax><ymax>371</ymax></bndbox> </object>
///     </annotation>
struct VOCAnnotation: Sendable {
    struct Object: Sendable {
        var name = ""
        var isDifficult = false
        /// What the file says, not yet numbers.
        var box: [String: String] = [:]
        /// Coordinates x1, y1, x2, … by their names.
        var polygon: [String: String] = [:]
    }

    private(set) var fileName: String?
    private(set) var width, height: Double?
    private(set) var objects: [Object] = []

    /// More than an image has, and than a hostile file may ask for.
    private static let mostObjects = 1_000_000

    init(_ text: MappedText) throws(ConversionError) {
        var annotation = self
        let result = text.withBytes { bytes in
            Result { () throws(XMLReader.Defect) in
                var reader = XMLReader(bytes)
                try annotation.read(&reader)
            }
        }
        if case .failure(let defect) = result {
            throw .malformed(file: text.path, line: defect.line, problem: defect.reason)
        }
        self = annotation
    }

    private mutating func read(_ reader: inout XMLReader) throws(XMLReader.Defect) {
        var object: Object?
        while let event = try reader.next() {
            // Parts of a person are elements of an object, with names and boxes of their own: whole paths tell them apart.
            let path = reader.path.dropFirst()
            switch event {
            case .start("object") where path == ["object"]: object = Object()
            case .start: continue
            case .end("object", _) where path.isEmpty:
                if let object, objects.count < Self.mostObjects { objects.append(object) }
                object = nil
            case .end(let name, let text): take(name, text, in: Array(path), &object)
            }
        }
    }

    private mutating func take(_ name: String, _ text: String, in path: [String], _ object: inout Object?) {
        switch (path, name) {
        case ([], "filename"): fileName = text
        case (["size"], "width"): width = Double(text)
        case (["size"], "height"): height = Double(text)
        case (["object"], "name"): object?.name = text
        case (["object"], "difficult"): object?.isDifficult = !["", "0", "false", "unspecified"].contains(text.lowercased())
        case (["object", "bndbox"], _): object?.box[name] = text
        case (["object", "polygon"], _): object?.polygon[name] = text
        default: break
        }
    }
}

extension VOCAnnotation.Object {
    struct Defect: Error {
        let reason: String
    }

    /// In pixels from 0: VOC counts them from 1, so that its pixel 1 begins at 0.
    ///
    /// - Source: as the reference's `VOC.yaml` reads them, corner minus 1 on all sides.
    func pixelBox() throws(Defect) -> PixelBox {
        guard !box.isEmpty else {
            guard let box = PixelBox(around: try outline()) else { throw Defect(reason: "it has neither a bndbox nor a polygon") }
            return box
        }
        let x1 = try number("xmin", box), y1 = try number("ymin", box), x2 = try number("xmax", box), y2 = try number("ymax", box)
        guard x1 <= x2, y1 <= y2 else { throw Defect(reason: "its bndbox goes from \(x1), \(y1) to \(x2), \(y2)") }
        return PixelBox(x1: x1 - 1, y1: y1 - 1, x2: x2 - 1, y2: y2 - 1)
    }

    /// The corners of the polygon in pixels from 0; empty without one.
    func outline() throws(Defect) -> [SIMD2<Double>] {
        guard polygon.count.isMultiple(of: 2), polygon.count <= 2 * JoinedOutline.mostPoints else {
            throw Defect(reason: "its polygon has \(polygon.count) coordinates, which are no pairs or too many")
        }
        var points: [SIMD2<Double>] = []
        for index in 0..<polygon.count / 2 {
            points.append(SIMD2(try number("x\(index + 1)", polygon) - 1, try number("y\(index + 1)", polygon) - 1))
        }
        return points
    }

    private func number(_ name: String, _ values: [String: String]) throws(Defect) -> Double {
        guard let text = values[name] else { throw Defect(reason: "<\(name)> is missing") }
        guard let number = Double(text), number.isFinite else { throw Defect(reason: "<\(name)> is '\(text.prefix(40))', which is no number") }
        return number
    }
}
