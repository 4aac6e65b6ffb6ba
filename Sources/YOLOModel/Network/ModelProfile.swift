import Foundation
public import Torch

/// What each row of a network costs: parameters, operations, time.
public struct ModelProfile: Hashable, Sendable {
    public struct Row: Hashable, Sendable {
        public var layer: LayerTable.Row
        /// 10^9 floating point operations for one image, two a multiply-accumulate.
        public var gigaFLOPs: Double
        /// For one image; the median of all passes.
        public var milliseconds: Double
    }

    /// Pixels.
    public var imageSize: ImageSize
    public var device: Device
    public var rows: [Row]

    public struct ImageSize: Hashable, Sendable {
        public var height: Int
        public var width: Int
    }

    /// Passes before the clock counts: libtorch chooses kernels and fills its memory pools on the first ones.
    public static let warmUpPasses = 2

    public var parameters: Int { rows.reduce(0) { $0 + $1.layer.parameters } }
    public var gigaFLOPs: Double { rows.reduce(0) { $0 + $1.gigaFLOPs } }
    public var milliseconds: Double { rows.reduce(0) { $0 + $1.milliseconds } }

    /// Half-way between the two middle ones where their number is even.
    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

extension DetectionModel {
    /// Runs the network in inference on one image, row by row, and notes the time of each.
    ///
    /// The network is copied to the device and stays as it is. To see what inference costs after folding, profile
    /// ``fused(as:)``.
    /// - Parameters:
    ///   - imageSize: height and width in pixels, rounded up to multiples of ``largestStride``.
    ///   - repeats: passes that are timed, after ``ModelProfile/warmUpPasses`` that are not.
    public func profile(
        imageSize: (height: Int, width: Int) = (640, 640), repeats: Int = 10, on device: Device = .cpu
    ) throws(ModelError) -> ModelProfile {
        let stride = largestStride
        func rounded(_ side: Int) -> Int { max((side + stride - 1) / stride, 1) * stride }
        let size = ModelProfile.ImageSize(height: rounded(imageSize.height), width: rounded(imageSize.width))
        let network = try copied()
        let times = try tensorWork { () throws(TorchError) in
            try network.move(to: device)
            try network.useChannelsLast()
            return try network.medianTimes(size, repeats: max(repeats, 1), on: device)
        }
        var rows = rowCosts(size)
        for index in rows.indices { rows[index].milliseconds = times[index] }
        return ModelProfile(imageSize: size, device: device, rows: rows)
    }

    // MARK: Time

    /// Milliseconds of each row.
    private func medianTimes(_ size: ModelProfile.ImageSize, repeats: Int, on device: Device) throws(TorchError) -> [Double] {
        try withInferenceMode { () throws(TorchError) in
            let type = isFused ? head.computeType : .float32
            let image = try Tensor.full([1, configuration.inputChannels, size.height, size.width], 0.5, type, on: device)
                .contiguous(.channelsLast)
            for _ in 0..<ModelProfile.warmUpPasses { _ = try timedPass(image, on: device) }
            var passes: [[Double]] = []
            for _ in 0..<repeats { passes.append(try timedPass(image, on: device)) }
            return passes[0].indices.map { row in ModelProfile.median(passes.map { $0[row] }) }
        }
    }

    private func timedPass(_ image: Tensor, on device: Device) throws(TorchError) -> [Double] {
        var outputs = [LayerGraph.image: image]
        var times: [Double] = []
        func timed<Result>(_ work: () throws(TorchError) -> Result) throws(TorchError) -> Result {
            try device.synchronize()  // a GPU call returns before its work is done
            let start = ContinuousClock.now
            let result = try work()
            try device.synchronize()
            times.append(start.duration(to: .now) / .milliseconds(1))
            return result
        }
        for (index, node) in graph.nodes.enumerated() {
            let inputs = node.sources.compactMap { outputs[$0] }
            outputs[index] = try timed { () throws(TorchError) in try node.layer(inputs, .inference) }
        }
        let features = headSources.compactMap { outputs[$0] }
        _ = try timed { () throws(TorchError) in try head.decoded(head.levels(features, .inference)) }
        return times
    }

    // MARK: Cost

    /// All rows, still without times.
    private func rowCosts(_ size: ModelProfile.ImageSize) -> [ModelProfile.Row] {
        let image = FeatureShape(channels: configuration.inputChannels, height: size.height, width: size.width)
        var shapes = [LayerGraph.image: image]
        var costs: [ModelCost] = []
        do {
            for (index, node) in graph.nodes.enumerated() {
                var cost = ModelCost()
                shapes[index] = try node.layer.measure(node.sources.compactMap { shapes[$0] }, &cost)
                costs.append(cost)
            }
            var cost = ModelCost()
            try head.measure(headSources.compactMap { shapes[$0] }, &cost)
            costs.append(cost)
        } catch {
            preconditionFailure("the network has just taken such an image: \(error.message)")
        }
        return zip(layerTable.rows, costs).map { row, cost in
            ModelProfile.Row(layer: row, gigaFLOPs: 2e-9 * cost.multiplyAccumulates, milliseconds: 0)
        }
    }
}

extension ModelProfile: CustomStringConvertible {
    /// A table: a line a row, then the sums.
    public var description: String {
        var lines = [Self.line("GFLOPs", "ms", LayerTable.header)]
        lines += rows.map { Self.line(Self.number($0.gigaFLOPs, 3), Self.number($0.milliseconds, 2), $0.layer.description) }
        let sums = LayerTable.line("", "", "", "\(parameters)", "total at \(imageSize.height) x \(imageSize.width)", "on \(device)")
        lines.append(Self.line(Self.number(gigaFLOPs, 3), Self.number(milliseconds, 2), sums))
        return lines.joined(separator: "\n")
    }

    private static func number(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }

    private static func line(_ gigaFLOPs: String, _ milliseconds: String, _ row: String) -> String {
        gigaFLOPs.leftPadded(to: 9) + milliseconds.leftPadded(to: 9) + "  " + row
    }
}
