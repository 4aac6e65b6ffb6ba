package import Detection

/// Paths, sizes and objects of many images in a few flat arrays.
///
/// COCO has 118,287 images with 860,001 objects: as arrays of arrays they would be as many separate blocks of memory.
package struct LabelArena: Hashable, Sendable {
    /// The paths in UTF-8, one behind the other, and where each ends.
    var pathBytes: [UInt8] = []
    var pathEnds: [Int] = []
    /// Upright width and height in pixels; zeros for an image that cannot be used.
    var sizes: [SIMD2<Int32>] = []
    /// Where the objects of each image end.
    var objectEnds: [Int] = []
    var classes: [Int32] = []
    var boxes: [NormalizedBox] = []
    /// Where the outline of each object ends; empty while no object has one.
    var pointEnds: [Int] = []
    var points: [SIMD2<Float>] = []

    package init() {}

    package var count: Int { pathEnds.count }
    package var objectCount: Int { classes.count }

    package mutating func append(path: String, width: Int, height: Int, objects: [LabeledObject]) {
        pathBytes.append(contentsOf: path.utf8)
        pathEnds.append(pathBytes.count)
        sizes.append(SIMD2(Int32(clamping: width), Int32(clamping: height)))
        for object in objects { append(object) }
        objectEnds.append(classes.count)
    }

    private mutating func append(_ object: LabeledObject) {
        if object.polygon != nil, pointEnds.isEmpty { pointEnds = Array(repeating: 0, count: classes.count) }
        classes.append(Int32(clamping: object.classIndex))
        boxes.append(object.box)
        if let polygon = object.polygon { points.append(contentsOf: polygon.points) }
        if object.polygon != nil || !pointEnds.isEmpty { pointEnds.append(points.count) }
    }

    // MARK: Reading

    package func path(_ image: Int) -> String {
        String(decoding: pathBytes[(image == 0 ? 0 : pathEnds[image - 1])..<pathEnds[image]], as: UTF8.self)
    }

    /// Whether a path comes before an image's in the order of bytes (negative), is the same (0), or comes after it.
    func order(of path: String, at image: Int) -> Int {
        let range = (image == 0 ? 0 : pathEnds[image - 1])..<pathEnds[image]
        var path = path
        return path.withUTF8 { path in
            pathBytes.withUnsafeBufferPointer { path.order(before: UnsafeBufferPointer(rebasing: $0[range])) }
        }
    }

    package func size(_ image: Int) -> (width: Int, height: Int) { (Int(sizes[image].x), Int(sizes[image].y)) }

    /// The numbers of an image's objects.
    package func objectRange(_ image: Int) -> Range<Int> { (image == 0 ? 0 : objectEnds[image - 1])..<objectEnds[image] }

    package func object(_ number: Int) -> LabeledObject {
        var polygon: Polygon?
        if !pointEnds.isEmpty {
            let outline = points[(number == 0 ? 0 : pointEnds[number - 1])..<pointEnds[number]]
            if !outline.isEmpty { polygon = Polygon(points: Array(outline)) }
        }
        return LabeledObject(classIndex: Int(classes[number]), box: boxes[number], polygon: polygon)
    }

    package func objects(_ image: Int) -> [LabeledObject] { objectRange(image).map(object) }

    func outlineCount(_ image: Int) -> Int {
        guard !pointEnds.isEmpty else { return 0 }
        return objectRange(image).count { pointEnds[$0] > ($0 == 0 ? 0 : pointEnds[$0 - 1]) }
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

/// The file of an image that can be used, and its upright size in pixels.
package struct SourceImage: Hashable, Sendable {
    package var path: String
    package var width: Int
    package var height: Int

    package init(path: String, width: Int, height: Int) {
        (self.path, self.width, self.height) = (path, width, height)
    }
}

/// The images of a set that can be used, by path.
///
/// An element is put together when it is asked for; `path`, `size` and `objects` give a part of it for less.
package struct LabeledImages: RandomAccessCollection, Sendable {
    private let arena: LabelArena
    /// Which images of the arena these are; nil for all of them.
    private let places: [Int32]?
    /// Every object counts as class 0.
    private let isSingleClass: Bool

    package init(_ arena: LabelArena, places: [Int32]? = nil, isSingleClass: Bool = false) {
        self.arena = arena
        self.places = places
        self.isSingleClass = isSingleClass
    }

    package init(_ images: [LabeledImage]) {
        var arena = LabelArena()
        for image in images { arena.append(path: image.path, width: image.width, height: image.height, objects: image.objects) }
        self.init(arena)
    }

    package var startIndex: Int { 0 }
    package var endIndex: Int { places?.count ?? arena.count }

    package subscript(index: Int) -> LabeledImage {
        let (width, height) = size(index)
        return LabeledImage(path: path(index), width: width, height: height, objects: objects(index))
    }

    package func source(_ index: Int) -> SourceImage {
        let (width, height) = size(index)
        return SourceImage(path: path(index), width: width, height: height)
    }

    package var sources: [SourceImage] { indices.map(source) }

    package func path(_ index: Int) -> String { arena.path(place(index)) }

    /// Upright, in pixels.
    package func size(_ index: Int) -> (width: Int, height: Int) { arena.size(place(index)) }

    package func objects(_ index: Int) -> [LabeledObject] {
        var objects = arena.objects(place(index))
        if isSingleClass {
            for position in objects.indices { objects[position].classIndex = 0 }
        }
        return objects
    }

    /// The classes of an image's objects.
    package func classes(_ index: Int) -> [Int] {
        arena.objectRange(place(index)).map { isSingleClass ? 0 : Int(arena.classes[$0]) }
    }

    /// The boxes of an image's objects.
    package func boxes(_ index: Int) -> ArraySlice<NormalizedBox> { arena.boxes[arena.objectRange(place(index))] }

    /// How many objects of an image have an outline.
    package func outlineCount(_ index: Int) -> Int { arena.outlineCount(place(index)) }

    private func place(_ index: Int) -> Int { places.map { Int($0[index]) } ?? index }
}
