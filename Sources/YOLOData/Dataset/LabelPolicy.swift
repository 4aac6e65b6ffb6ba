/// What becomes of labels that are wrong (`--label-policy`).
public enum LabelPolicy: String, Hashable, Sendable, CaseIterable {
    /// A row that is wrong is left out, and the rest of its image is kept.
    case rows
    /// As the reference: one wrong row leaves out the whole image, a class that the data set does not have ends the training,
    /// a JPEG that ends early is left out, and rows of five numbers among polygons are polygons of two points.
    case reference
    /// Anything wrong ends the training before it begins.
    case strict
}

/// How the labels of a data set are read.
public struct LabelOptions: Hashable, Sendable {
    /// What becomes of labels that are wrong.
    public var policy = LabelPolicy.rows
    /// Every object is of one class, whatever its label says (`--single-cls`).
    public var isSingleClass = false
    /// Every file is read again, whatever the cache says (`--verify-cache`).
    public var verifiesCache = false

    public init() {}
}
