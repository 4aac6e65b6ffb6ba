import Detection
import Foundation
import Torch
import YOLOModel
import YOLOTraining

/// Seconds of one training step (forward, loss, backward, clipping, SGD, EMA) on random images: the peer's `step`.
struct StepBenchmark {
    let precision: Precision
    let suffix: String

    private static let imageSize = 640
    private static let steps = 5

    func figures() throws -> [String: Double] {
        Runtime.keepFreedMemory()
        let peak = try matrixPeak()
        var figures: [String: Double] = [:]
        for (name, batchSize) in [("yolov5n", 16), ("yolov5s", 8)] {
            let (imagesPerSecond, operations) = try measure(name, batchSize)
            let figure = "step_\(name)_\(suffix)"
            figures[figure] = imagesPerSecond
            figures[Self.peakShareName(figure)] = imagesPerSecond * operations / peak
        }
        figures["peak_memory"] = peakResidentMegabytes()
        return figures
    }

    static func peakShareName(_ figure: String) -> String { figure + "_of_peak" }

    /// - Returns: images a second, and floating-point operations an image in forward and backward passes.
    private func measure(_ name: String, _ batchSize: Int) throws -> (Double, Double) {
        Runtime.seed(0)
        let model = try DetectionModel(ModelConfiguration(named: "\(name).yaml"))
        try model.useChannelsLast()
        var criterion = try DetectionLoss(model: model, options: LossOptions())
        var ema = try ModelEMA(of: model)
        let hyperparameters = Hyperparameters()
        let groups = ParameterGroups(model.stateEntries(), hyperparameters, weightDecay: hyperparameters.weightDecay)
        let optimizer = SGD(groups.inOrder)
        let size = Self.imageSize
        let images = try Tensor.uniform([batchSize, 3, size, size]).contiguous(.channelsLast)
        let targets = randomTargets(batchSize)

        var seconds: [Double] = []
        for step in 0...Self.steps {
            let start = ContinuousClock.now
            let loss = try withAutocast(precision, on: .cpu) { () throws(TorchError) in
                try criterion(model(images, .training).levels, targets)
            }
            try loss.total.backward()
            try clipGradients(optimizer.gradients(), maximumNorm: 10)
            try optimizer.step(skipFlag: nil)
            try optimizer.clearGradients()
            try ema.update(from: model)
            if step > 0 { seconds.append(start.duration(to: .now) / .seconds(1)) }
        }
        let median = seconds.sorted()[seconds.count / 2]
        // A backward pass computes two gradients where a forward pass computes one product.
        return (Double(batchSize) / median, 3e9 * model.summary().gigaFLOPs)
    }

    /// Eight boxes an image, as in the peer's benchmark, from a fixed sequence.
    private func randomTargets(_ batchSize: Int) -> [GroundTruth] {
        var random = SplitMix64(state: 1)
        return (0..<batchSize * 8).map { _ in
            GroundTruth(
                image: Int.random(in: 0..<batchSize, using: &random), classIndex: Int.random(in: 0..<80, using: &random),
                box: .init(
                    centerX: .random(in: 0.1...0.5, using: &random), centerY: .random(in: 0.1...0.5, using: &random),
                    width: .random(in: 0.1...0.5, using: &random), height: .random(in: 0.1...0.5, using: &random)))
        }
    }

    /// Operations a second of a large product in this precision.
    private func matrixPeak() throws -> Double {
        let side = 2048
        let x = try Tensor.uniform([side, side]).to(precision.scalarType)
        var best = Double.infinity
        for _ in 0..<10 {
            let start = ContinuousClock.now
            _ = try x.matmul(x)
            best = min(best, start.duration(to: .now) / .seconds(1))
        }
        return 2 * Double(side * side * side) / best
    }

    private func peakResidentMegabytes() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_maxrss) / 1024
    }
}

/// Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
