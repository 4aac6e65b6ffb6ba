/// Channels, height and width of a feature map; the batch is left out.
public struct FeatureShape: Hashable, Sendable, CustomStringConvertible {
    public var channels: Int
    public var height: Int
    public var width: Int

    public init(channels: Int, height: Int, width: Int) {
        self.channels = channels
        self.height = height
        self.width = width
    }

    public var count: Int { channels * height * width }
    public var description: String { "\(channels) x \(height) x \(width)" }
}

/// What a network costs, gathered by ``ModelLayer/measure(_:_:)`` without running it.
public struct ModelCost: Hashable, Sendable {
    /// Modules as the reference counts them: every layer, its parts down to the activation, and the lists that hold them.
    public private(set) var modules = 0
    /// Multiply-accumulates as the reference counts them (`thop`): convolutions without bias, 4 for each element of a batch
    /// normalization, 1 for each upsampled element; activations and pooling are free.
    public private(set) var multiplyAccumulates = 0.0

    public init() {}

    /// Counts one module and its work.
    public mutating func addModule(multiplyAccumulates work: Int = 0) {
        modules += 1
        multiplyAccumulates += Double(work)
    }

    public static func += (total: inout ModelCost, part: ModelCost) {
        total.modules += part.modules
        total.multiplyAccumulates += part.multiplyAccumulates
    }
}

/// A layer cannot take what it is given: wrong channels, sizes that do not match.
public struct ShapeError: Error, Hashable, Sendable {
    public var message: String

    public init(_ message: String) { self.message = message }
}
