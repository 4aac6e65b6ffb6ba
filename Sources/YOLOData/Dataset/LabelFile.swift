import Foundation
package import Detection

/// One labelled object of an image, in fractions of the image's size.
package struct LabeledObject: Hashable, Sendable {
    package var classIndex: Int
    package var box: NormalizedBox
    /// The outline, normalised; nil where the label is a box only.
    package var polygon: Polygon?

    package init(classIndex: Int, box: NormalizedBox, polygon: Polygon? = nil) {
        self.classIndex = classIndex
        self.box = box
        self.polygon = polygon
    }
}

/// The objects of a label file: one a row, `class x y width height` or `class x1 y1 x2 y2 x3 y3 …`, normalised.
///
/// One row of more than six numbers makes the whole file one of polygons; a row of five is then a polygon of two points.
/// - Source: the reference's `verify_image_label`.
package struct LabelFile: Hashable, Sendable {
    package private(set) var objects: [LabeledObject] = []
    /// Rows that repeated another one, and were dropped.
    package private(set) var duplicateCount = 0

    /// Reads a label file; nil where there is none.
    ///
    /// - Parameter classCount: Classes of the data set; nil accepts any class.
    /// - Throws: `DataError.label` with file and line for a row that is wrong.
    package init?(contentsOf path: String, classCount: Int?) throws(DataError) {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            throw .fileAccess(path: path, reason: "cannot be read")
        }
        try self.init(text: String(decoding: bytes, as: UTF8.self), file: path, classCount: classCount)
    }

    /// - Parameter file: The name that errors carry.
    package init(text: String, file: String, classCount: Int? = nil) throws(DataError) {
        var rows: [Row] = []
        let lines = text.withoutByteOrderMark.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let row = try Row(line, file: file, line: index + 1, classCount: classCount)
            if !row.numbers.isEmpty { rows.append(row) }
        }
        let holdsPolygons = rows.contains { $0.numbers.count > 6 }
        for row in rows {
            objects.append(holdsPolygons ? try row.polygonObject() : try row.boxObject())
        }
        dropDuplicates()
    }

    /// Drops repeated objects. As in the reference, the rest is then sorted by class and box; a file without repetitions
    /// keeps its order.
    private mutating func dropDuplicates() {
        var seen = Set<LabelKey>()
        let unique = objects.filter { seen.insert(LabelKey($0)).inserted }
        guard unique.count < objects.count else { return }
        duplicateCount = objects.count - unique.count
        objects = unique.sorted { LabelKey($0) < LabelKey($1) }
    }
}

/// What makes two labels the same: class and box.
private struct LabelKey: Hashable, Comparable {
    let values: [Float]

    init(_ object: LabeledObject) {
        let box = object.box
        values = [Float(object.classIndex), box.centerX, box.centerY, box.width, box.height]
    }

    static func < (first: LabelKey, second: LabelKey) -> Bool {
        first.values.lexicographicallyPrecedes(second.values)
    }
}

/// The numbers of one line, and where it stands.
private struct Row {
    let file: String
    let line: Int
    let classCount: Int?
    let numbers: [Float]

    init(_ text: Substring.UTF8View, file: String, line: Int, classCount: Int?) throws(DataError) {
        self.file = file
        self.line = line
        self.classCount = classCount
        var numbers: [Float] = []
        for bytes in text.split(whereSeparator: { $0 == UInt8(ascii: " ") || 9...13 ~= $0 }) {
            let word = Substring(bytes)
            guard let number = Double(word), number.isFinite else {
                throw .label(file: file, line: line, problem: .notANumber(String(word)))
            }
            numbers.append(Float(number))
        }
        self.numbers = numbers
    }

    /// The first number, without its fraction. Far out of range stays out of range.
    private var classIndex: Int { Int(numbers[0].clamped(to: -1...1e9)) }

    func boxObject() throws(DataError) -> LabeledObject {
        guard numbers.count == 5 else { throw error(.wrongColumns(found: numbers.count)) }
        let box = NormalizedBox(centerX: numbers[1], centerY: numbers[2], width: numbers[3], height: numbers[4])
        return try checked(LabeledObject(classIndex: classIndex, box: box))
    }

    func polygonObject() throws(DataError) -> LabeledObject {
        guard numbers.count >= 5 else { throw error(.wrongColumns(found: numbers.count)) }
        guard numbers.count.isMultiple(of: 2) == false else { throw error(.oddPolygon(numbers: numbers.count - 1)) }
        let polygon = Polygon(points: stride(from: 1, to: numbers.count, by: 2).map { SIMD2(numbers[$0], numbers[$0 + 1]) })
        guard let bounds = polygon.boundingBox else { throw error(.wrongColumns(found: numbers.count)) }
        let box = NormalizedBox(centerX: bounds.centerX, centerY: bounds.centerY, width: bounds.width, height: bounds.height)
        return try checked(LabeledObject(classIndex: classIndex, box: box, polygon: polygon))
    }

    private func checked(_ object: LabeledObject) throws(DataError) -> LabeledObject {
        let box = object.box
        let coordinates = [box.centerX, box.centerY, box.width, box.height]
        if let negative = ([numbers[0]] + coordinates).first(where: { $0 < 0 }) { throw error(.negative("\(negative)")) }
        if let large = coordinates.first(where: { $0 > 1 }) { throw error(.aboveOne("\(large)")) }
        if let classCount, object.classIndex >= classCount {
            throw error(.classOutOfRange(object.classIndex, classCount: classCount))
        }
        return object
    }

    private func error(_ problem: LabelProblem) -> DataError { .label(file: file, line: line, problem: problem) }
}
