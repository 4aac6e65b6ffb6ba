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
/// - Source: the reference's `verify_image_label`.
package struct LabelFile: Hashable, Sendable {
    /// A row that cannot be used; `line` counts from 1.
    package struct Fault: Hashable, Sendable {
        package var line: Int
        package var problem: LabelProblem
    }

    package private(set) var objects: [LabeledObject] = []
    /// Rows that are not among the objects, by line.
    package private(set) var faults: [Fault] = []
    /// Rows that repeated another one, and were dropped.
    package private(set) var duplicateCount = 0

    /// - Parameters:
    ///   - classCount: Classes of the data set; nil accepts any class.
    ///   - policy: How rows of five numbers among polygons and fractional classes are understood.
    package init(_ bytes: UnsafeBufferPointer<UInt8>, classCount: Int?, policy: LabelPolicy) {
        var rows: [LabelRow] = []
        Self.eachLine(of: bytes) { line, text in
            do throws(LabelProblem) {
                if let row = try LabelRow(text, line: line) { rows.append(row) }
            } catch {
                faults.append(Fault(line: line, problem: error))
            }
        }
        let readsAllAsPolygons = policy == .reference && rows.contains { $0.numbers.count > 6 }
        for row in rows {
            do throws(LabelProblem) {
                if policy != .reference, row.hasFractionalClass { throw .fractionalClass("\(row.numbers[0])") }
                let isPolygon = readsAllAsPolygons || row.numbers.count > 6
                let object = isPolygon ? try row.polygonObject() : try row.boxObject()
                if let classCount, object.classIndex >= classCount {
                    throw .classOutOfRange(object.classIndex, classCount: classCount)
                }
                objects.append(object)
            } catch {
                faults.append(Fault(line: row.line, problem: error))
            }
        }
        faults.sort { $0.line < $1.line }
        dropDuplicates()
    }

    package init(_ text: String, classCount: Int? = nil, policy: LabelPolicy = .rows) {
        self = Array(text.utf8).withUnsafeBufferPointer { LabelFile($0, classCount: classCount, policy: policy) }
    }

    /// Drops repeated objects. As in the reference, the rest is then sorted by class and box; a file without repetitions
    /// keeps its order.
    private mutating func dropDuplicates() {
        var seen = Set<LabelKey>(minimumCapacity: objects.count)
        let unique = objects.filter { seen.insert(LabelKey($0)).inserted }
        guard unique.count < objects.count else { return }
        duplicateCount = objects.count - unique.count
        objects = unique.sorted { LabelKey($0) < LabelKey($1) }
    }

    /// Lines end with a line feed, a carriage return, or both.
    private static func eachLine(of bytes: UnsafeBufferPointer<UInt8>, _ body: (Int, UnsafeBufferPointer<UInt8>) -> Void) {
        let (lineFeed, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var start = bytes.starts(with: byteOrderMark) ? byteOrderMark.count : 0
        var line = 1
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != lineFeed, bytes[end] != carriageReturn { end += 1 }
            body(line, UnsafeBufferPointer(rebasing: bytes[start..<end]))
            let isPair = end + 1 < bytes.count && bytes[end] == carriageReturn && bytes[end + 1] == lineFeed
            start = end + (isPair ? 2 : 1)
            line += 1
        }
    }
}

/// What makes two labels the same: class and box.
private struct LabelKey: Hashable, Comparable {
    let classIndex: Int
    let box: SIMD4<Float>

    init(_ object: LabeledObject) {
        classIndex = object.classIndex
        box = SIMD4(object.box.centerX, object.box.centerY, object.box.width, object.box.height)
    }

    static func < (first: LabelKey, second: LabelKey) -> Bool {
        if first.classIndex != second.classIndex { return first.classIndex < second.classIndex }
        for index in 0..<4 where first.box[index] != second.box[index] { return first.box[index] < second.box[index] }
        return false
    }
}
