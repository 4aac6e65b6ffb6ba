import Detection
package import Imaging

/// Objects that are pasted a second time, mirrored left to right across their canvas, where they hide little of others.
///
/// - Source: Ghiasi et al., "Simple Copy-Paste is a Strong Data Augmentation Method" (2020), as in the reference's
///   `copy_paste`.
package struct CopyPaste: Hashable, Sendable {
    package struct Copy: Hashable, Sendable {
        /// Which of the objects was copied.
        package var original: Int
        /// The copy with its mirrored outline.
        package var object: PlacedObject
    }

    /// In the order of pasting.
    package private(set) var copies: [Copy] = []

    /// Objects of a mosaic that are tried at most: each is compared with all others.
    private static let mostTried = 1000

    /// A copy may cover less than this share of any other object.
    private static let coverLimit: Float = 0.3

    /// Copies those of the chosen objects for which there is room, on a canvas of `canvasWidth` pixels.
    ///
    /// - Parameter chosen: Numbers among the objects with an outline, in the order in which they are tried.
    package init(_ chosen: [Int], of objects: [PlacedObject], canvasWidth: Int) {
        guard !chosen.isEmpty else { return }
        let outlined = objects.indices.filter { objects[$0].polygon != nil }
        var taken = objects.map(\.box)
        let right = Float(canvasWidth)
        for original in chosen.map({ outlined[$0] }) {
            let box = objects[original].box
            let mirrored = Box(x1: right - box.x2, y1: box.y1, x2: right - box.x1, y2: box.y2)
            guard taken.allSatisfy({ $0.coveredFraction(by: mirrored) < Self.coverLimit }) else { continue }
            taken.append(mirrored)
            let points = objects[original].polygon?.points.map { SIMD2(right - $0.x, $0.y) } ?? []
            let object = PlacedObject(
                classIndex: objects[original].classIndex, box: mirrored, polygon: Polygon(points: points))
            copies.append(Copy(original: original, object: object))
        }
    }

    /// Draws which of `outlineCount` objects are tried: the given share of them, rounded half to even, at most a thousand.
    static func choice(of outlineCount: Int, share: Double, random: inout SampleRandom) -> [Int] {
        let count = min(Int((share * Double(outlineCount)).rounded(.toNearestOrEven)), mostTried)
        var numbers = Array(0..<outlineCount)
        for position in 0..<count {
            numbers.swapAt(position, position + random.index(below: outlineCount - position))
        }
        return Array(numbers.prefix(count))
    }
}

extension PlacedObject {
    /// The object's pixels as a shape to be pasted; nil without an outline, or where nothing of it lies on the canvas.
    package func mirroredShape(canvasWidth: Int, canvasHeight: Int) -> MirroredShape? {
        guard let polygon else { return nil }
        // Whole pixels, rounded down as in the reference; the outline lies on the canvas, so the numbers are small.
        let corners = polygon.points.map { SIMD2<Int32>($0, rounding: .towardZero) }
        return MirroredShape(corners: corners, canvasWidth: canvasWidth, canvasHeight: canvasHeight)
    }
}
