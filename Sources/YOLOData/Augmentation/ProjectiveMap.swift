/// A map of the plane by a 3x3 matrix in homogeneous coordinates; affine where the last row is `0 0 1`.
package struct ProjectiveMap: Hashable, Sendable {
    /// Row-major: `[m00 m01 m02 m10 m11 m12 m20 m21 m22]`.
    package let elements: [Double]

    package init(_ elements: [Double]) {
        precondition(elements.count == 9, "a projective map has 9 elements")
        self.elements = elements
    }

    package static let identity = ProjectiveMap([1, 0, 0, 0, 1, 0, 0, 0, 1])

    static func translation(x: Double, y: Double) -> ProjectiveMap { ProjectiveMap([1, 0, x, 0, 1, y, 0, 0, 1]) }

    /// The map that applies `second` first, then `first`.
    static func * (first: ProjectiveMap, second: ProjectiveMap) -> ProjectiveMap {
        var product = [Double](repeating: 0, count: 9)
        for row in 0..<3 {
            for column in 0..<3 {
                for inner in 0..<3 {
                    product[row * 3 + column] += first.elements[row * 3 + inner] * second.elements[inner * 3 + column]
                }
            }
        }
        return ProjectiveMap(product)
    }

    var isAffine: Bool { elements[6] == 0 && elements[7] == 0 && elements[8] == 1 }

    /// Where a point goes.
    func callAsFunction(_ point: SIMD2<Double>) -> SIMD2<Double> {
        let x = elements[0] * point.x + elements[1] * point.y + elements[2]
        let y = elements[3] * point.x + elements[4] * point.y + elements[5]
        guard !isAffine else { return SIMD2(x, y) }
        return SIMD2(x, y) / (elements[6] * point.x + elements[7] * point.y + elements[8])
    }
}
