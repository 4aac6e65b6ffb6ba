import Detection

/// Reads the annotations of one image after another from a COCO file.
struct COCOObjects: Sendable {
    let file: COCOFile
    let classes: CategoryTable
    let options: ConversionOptions

    func objects(ofImage image: Int) -> ImageObjects {
        var result = ImageObjects()
        for position in file.annotationPositions(ofImage: image) { add(at: position, to: &result) }
        return result
    }

    /// - Parameter position: Of an annotation in the text.
    func add(at position: Int, to result: inout ImageObjects) {
        let annotation = file.text.withBytes { bytes in
            var reader = JSONReader(bytes, at: position)
            return try? COCOAnnotation(&reader, readsSegmentation: options.writesPolygons)
        }
        guard let annotation else {
            return result.tally.count(.unusable, "\(file.text.path) was changed while it was read, at byte \(position)")
        }
        add(annotation, position: position, &result)
    }

    private func add(_ annotation: COCOAnnotation, position: Int, _ result: inout ImageObjects) {
        let id = annotation.id ?? .text("at byte \(position)")
        func drop(_ reason: String) { result.tally.count(.unusable, "\(file.text.path): annotation \(id) left out: \(reason)") }

        if annotation.isCrowd, !options.keepsCrowds { return result.tally.count(.crowd) }
        guard let category = annotation.category else { return drop("it has no category_id") }
        switch classes[category] {
        case .notWanted: result.tally.count(.otherClass)
        case .unknown: drop("there is no category \(category)")
        case .number(let classIndex):
            do throws(RunLengthMask.Defect) {
                result.objects.append(try object(annotation, classIndex, .annotation(id), &result.tally))
            } catch {
                drop(error.reason)
            }
        }
    }

    private func object(
        _ annotation: COCOAnnotation, _ classIndex: Int, _ place: AnnotatedObject.Place, _ tally: inout ConversionTally
    ) throws(RunLengthMask.Defect) -> AnnotatedObject {
        let segmentation = annotation.segmentation
        guard let sides = annotation.box else {
            guard let box = try segmentation.box() else {
                throw RunLengthMask.Defect(reason: "its bbox is not four numbers, and it has no outline")
            }
            return AnnotatedObject(classIndex: classIndex, box: box, place: place)
        }
        guard sides.count == 4 else {
            let count = sides.count < 4 ? "\(sides.count)" : "more than 4"
            throw RunLengthMask.Defect(reason: "its bbox has \(count) numbers, not left, top, width and height")
        }
        guard sides.allSatisfy(\.isFinite) else { throw RunLengthMask.Defect(reason: "its bbox holds a number that is not finite") }
        guard sides[2] >= 0, sides[3] >= 0 else {
            throw RunLengthMask.Defect(reason: "its bbox has the size \(sides[2]) by \(sides[3])")
        }
        let box = PixelBox(left: sides[0], top: sides[1], width: sides[2], height: sides[3])
        var object = AnnotatedObject(classIndex: classIndex, box: box, place: place)
        if options.writesPolygons { addOutline(of: segmentation, to: &object, &tally) }
        return object
    }

    /// Takes the outline over where it can be used; else the object keeps its box, and that is counted.
    private func addOutline(
        of segmentation: COCOAnnotation.Segmentation, to object: inout AnnotatedObject, _ tally: inout ConversionTally
    ) {
        do throws(RunLengthMask.Defect) {
            let outlines = try segmentation.outlines()
            guard !outlines.isEmpty else { return tally.count(.boxForOutline) }
            guard let joined = JoinedOutline(outlines) else {
                throw RunLengthMask.Defect(reason: "its outline has fewer than 3 points, or too many parts or points")
            }
            object.outline = joined.points
        } catch {
            tally.count(.boxForOutline, "\(file.text.path): \(object.place) is written as its box: \(error.reason)")
        }
    }
}

extension COCOAnnotation.Segmentation {
    /// The box around all parts; nil if there are none.
    func box() throws(RunLengthMask.Defect) -> PixelBox? {
        if let mask = try mask() { return mask.box }
        return PixelBox(around: try outlines().flatMap { $0 })
    }
}
