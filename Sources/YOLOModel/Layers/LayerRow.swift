public import Torch

/// What the maker of a layer gets: the row's arguments by their names, and what comes in.
///
/// Every reader throws an error with the row's line that says what was expected.
public struct LayerRow {
    /// Position in the network, from 0.
    public let index: Int
    public let kind: LayerKind
    public let arguments: [ConfigurationValue]
    /// Outputs of the rows under `from`, for an image of ``LayerGraph/probeSize`` pixels.
    public let inputs: [FeatureShape]
    /// After the depth multiple.
    public let repeats: Int
    /// Of every `Conv` of the model.
    public let activation: Activation
    public let configuration: ModelConfiguration
    let line: Int?

    /// Channels of the only input.
    public var inputChannels: Int {
        get throws(ModelError) {
            guard inputs.count == 1 else { throw fault("takes one input, found \(inputs.count)") }
            return inputs[0].channels
        }
    }

    /// The argument `channels` after the width multiple.
    ///
    /// The number of outputs of the head, anchors * (5 + classes), is left as it is.
    public var outputChannels: Int {
        get throws(ModelError) {
            let channels = try integer("channels", in: 1...ModelConfiguration.Limit.channels)
            if channels == configuration.anchorCount * (5 + configuration.classCount) { return channels }
            let scaled = configuration.scaledChannels(channels)
            guard scaled <= ModelConfiguration.Limit.channels else {
                throw fault("\(scaled) channels, at most \(ModelConfiguration.Limit.channels) are taken")
            }
            return scaled
        }
    }

    /// The argument of this name, nil where the row is too short to have it or says `None`.
    public func argument(_ name: String) -> ConfigurationValue? {
        guard let position = kind.parameters.firstIndex(of: name) else {
            preconditionFailure("\(kind.name) has no parameter '\(name)'")
        }
        guard position < arguments.count, !arguments[position].isNone else { return nil }
        return arguments[position]
    }

    public func integer(
        _ name: String, in range: ClosedRange<Int> = 0...(1 << 16), default fallback: Int? = nil
    ) throws(ModelError) -> Int {
        guard let value = argument(name) else {
            guard let fallback else { throw fault("\(name) is missing") }
            return fallback
        }
        guard let integer = value.integer, range.contains(integer) else {
            throw fault(
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), found \(value.excerpt)")
        }
        return integer
    }

    public func boolean(_ name: String, default fallback: Bool) throws(ModelError) -> Bool {
        guard let value = argument(name) else { return fallback }
        guard let boolean = value.boolean else {
            throw fault("\(name) must be true or false, found \(value.excerpt)")
        }
        return boolean
    }

    public func number(_ name: String, default fallback: Double) throws(ModelError) -> Double {
        guard let value = argument(name) else { return fallback }
        guard let number = value.number else { throw fault("\(name) must be a number, found \(value.excerpt)") }
        return number
    }

    /// An error at this row: `yolov5s.yaml:14: row 3 (Conv): …`.
    public func fault(_ message: String) -> ModelError {
        .configuration(
            ConfigurationError(
                source: configuration.source, line: line, message: "row \(index) (\(kind.name)): \(message)"))
    }

    /// Makes the layer; errors of libtorch are passed on, but for a layer that is too large for the memory.
    public func making<Made: ModelLayer>(_ make: () throws(TorchError) -> Made) throws(ModelError) -> Made {
        do {
            return try make()
        } catch where error.kind == .outOfMemory {
            throw fault("its weights do not fit into the memory")
        } catch {
            throw .torch(error)
        }
    }
}
