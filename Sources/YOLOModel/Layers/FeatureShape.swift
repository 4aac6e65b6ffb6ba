import Torch

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

extension FeatureShape {
    /// The map that a window leaves which slides over this one: its positions are the pixels.
    func slidOver(
        by window: Extent, stride: Extent, padding: Extent, dilation: Extent = 1, channels: Int
    ) throws(ShapeError) -> FeatureShape {
        func positions(_ size: Int, _ side: KeyPath<Extent, Int>) throws(ShapeError) -> Int {
            let reach = dilation[keyPath: side] * (window[keyPath: side] - 1) + 1
            let room = size + 2 * padding[keyPath: side]
            guard room >= reach else {
                throw ShapeError("a kernel of \(reach) is larger than its input, \(height) x \(width)")
            }
            return (room - reach) / stride[keyPath: side] + 1
        }
        return FeatureShape(
            channels: channels, height: try positions(height, \.height), width: try positions(width, \.width))
    }

    /// Throws for a map that no sensible network makes, before numbers grow out of hand.
    func checkSize() throws(ShapeError) {
        guard channels <= ModelConfiguration.Limit.joinedChannels, max(height, width) <= ModelConfiguration.Limit.side else {
            throw ShapeError("its output, \(self), is too large for an image of \(LayerGraph.probeSize) pixels")
        }
    }

    /// Throws unless there are so many channels.
    func expectChannels(_ expected: Int) throws(ShapeError) {
        guard channels == expected else { throw ShapeError("takes \(expected) channels, found \(channels)") }
    }
}

/// The work of a network for one image, gathered by ``ModelLayer/measure(_:_:)`` without running it.
public struct ModelCost: Hashable, Sendable {
    /// As the reference counts them (`thop`): convolutions without bias, 4 for each element of a batch normalization, 1 for each
    /// upsampled element, matrices; activations, pooling and the products of attention are free.
    public private(set) var multiplyAccumulates = 0.0

    public init() {}

    /// - Parameter count: how often the work is done. The product may be larger than an integer can be.
    public mutating func add(multiplyAccumulates work: Int, times count: Int = 1) {
        multiplyAccumulates += Double(work) * Double(count)
    }
}

/// A layer cannot take what it is given: wrong channels, sizes that do not match.
public struct ShapeError: Error, Hashable, Sendable {
    public var message: String

    public init(_ message: String) { self.message = message }
}
