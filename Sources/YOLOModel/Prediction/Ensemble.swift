public import Torch

/// Several networks that predict together: the boxes of all of them are predictions of the image.
///
/// ```swift
/// let ensemble = try Ensemble([("yolov5s.pt", small), ("yolov5m.pt", medium)])
/// ```
/// Non-maximum suppression picks among them, so a box that several networks find counts once, with the highest confidence.
/// - Source: YOLOv5 v6.2, `models/experimental.py`, `Ensemble`.
public struct Ensemble: Predictor {
    public let members: [any Predictor]
    /// The first member's, as in the reference.
    public let classNames: [String]
    public let classCount: Int
    public let largestStride: Int

    /// - Parameter members: at least one, on one device; names, such as their files', are for errors.
    /// - Throws: ``ModelError/differentClassCounts(_:_:)`` for networks that do not know the same number of classes.
    public init(_ members: [(name: String, predictor: any Predictor)]) throws(ModelError) {
        guard let first = members.first else { preconditionFailure("an ensemble has at least one member") }
        for member in members where member.predictor.classCount != first.predictor.classCount {
            throw .differentClassCounts(
                (first.name, first.predictor.classCount), (member.name, member.predictor.classCount))
        }
        self.init(members.map(\.predictor), first.predictor)
    }

    private init(_ members: [any Predictor], _ first: any Predictor) {
        self.members = members
        classNames = first.classNames
        classCount = first.classCount
        largestStride = members.map(\.largestStride).reduce(first.largestStride, max)
    }

    public func predictions(for images: Tensor) throws(TorchError) -> Tensor {
        var found: [Tensor] = []
        for member in members { found.append(try member.predictions(for: images)) }
        return try concatenated(found, axis: 1)
    }

    public func fused(as type: ScalarType) throws(TorchError) -> Ensemble {
        var fused: [any Predictor] = []
        for member in members { fused.append(try member.fused(as: type)) }
        return Ensemble(fused, fused[0])
    }
}
