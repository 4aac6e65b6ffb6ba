/// The boxes of many images as a table of annotations has them: one row an object, in any order.
struct BoxTable: Sendable {
    /// Images in the order of their names.
    private(set) var images: [AnnotatedImage] = []
    private(set) var tally = ConversionTally()
    private var objects: [[AnnotatedObject]] = []
    private var placeOfName: [String: Int] = [:]

    /// The place of an image, which is made if it is new; nil for a name that cannot be used.
    ///
    /// - Parameters:
    ///   - name: As the annotations give it.
    ///   - source: File and line, to be named in messages.
    mutating func image(_ name: String, width: Double? = nil, height: Double? = nil, source: @autoclosure () -> String) -> Int? {
        if let place = placeOfName[name] { return place < 0 ? nil : place }
        do throws(ImageName.Defect) {
            let image = AnnotatedImage(name: try ImageName.checked(name), path: nil, width: width, height: height)
            placeOfName[name] = images.count
            images.append(image)
            objects.append([])
            return images.count - 1
        } catch {
            placeOfName[name] = -1
            tally.count(.unusableImage, "\(source()): image '\(name.prefix(100))' left out: \(error.reason)")
            return nil
        }
    }

    /// Of the first class.
    mutating func add(_ box: PixelBox, line: Int, to image: Int) {
        add(AnnotatedObject(classIndex: 0, box: box, place: .line(line)), to: image)
    }

    mutating func add(_ object: AnnotatedObject, to image: Int) { objects[image].append(object) }

    mutating func countUnusable(_ problem: @autoclosure () -> String) { tally.count(.unusable, problem()) }

    /// The split of all images, by name, with their files where they are found in one of the folders.
    func split(
        folder: String, roles: [AnnotatedSplit.Role], source: String, imageFolders: [String]
    ) -> AnnotatedSplit {
        let order = images.indices.sorted { images[$0].name.utf8.lexicographicallyPrecedes(images[$1].name.utf8) }
        var sorted = order.map { images[$0] }
        ImageFolder(bestOf: imageFolders, names: sorted.map(\.name))?.locate(&sorted)
        return AnnotatedSplit(
            folder: folder, roles: roles, source: source, images: sorted, imageFolders: imageFolders, tally: tally
        ) { [objects] index in
            ImageObjects(objects: objects[order[index]])
        }
    }
}
