import Testing
import Torch

/// Optimizers against the same formulas in plain Swift.
@Suite struct OptimizerTests {
    private let start: [Float] = [1, -2, 0.5]
    private let gradients: [[Float]] = [[0.1, 0.2, -0.3], [0.4, -0.1, 0.2], [-0.2, 0.3, 0.1]]

    private func parameter() throws -> Tensor {
        let parameter = try Tensor(start)
        try parameter.requireGradient()
        return parameter
    }

    private func group(_ parameter: Tensor) -> ParameterGroup {
        ParameterGroup([("w", parameter)], learningRate: 0.1, momentum: 0.9, weightDecay: 0.01)
    }

    private func steps(_ parameter: Tensor, _ optimizer: some Optimizer) throws -> [Float] {
        for gradient in gradients {
            try parameter.setGradient(Tensor(gradient))
            try optimizer.step(skipFlag: nil)
        }
        return try parameter.array()
    }

    @Test("SGD follows Nesterov's momentum with weight decay")
    func sgd() throws {
        let parameter = try parameter()
        let result = try steps(parameter, SGD([group(parameter)]))
        for i in start.indices {
            var w = Double(start[i]), velocity = 0.0
            for (step, gradient) in gradients.enumerated() {
                let g = Double(gradient[i]) + 0.01 * w
                velocity = step == 0 ? g : 0.9 * velocity + g
                w -= 0.1 * (g + 0.9 * velocity)
            }
            #expect(abs(Double(result[i]) - w) < 1e-6)
        }
    }

    @Test("Adam adds weight decay to the gradient, AdamW takes it from the weight", arguments: [false, true])
    func adam(decoupled: Bool) throws {
        let parameter = try parameter()
        let result = try steps(parameter, Adam([group(parameter)], decouplesWeightDecay: decoupled))
        for i in start.indices {
            var w = Double(start[i]), m = 0.0, v = 0.0, b1 = 1.0, b2 = 1.0
            for gradient in gradients {
                var g = Double(gradient[i])
                if decoupled { w -= 0.1 * 0.01 * w } else { g += 0.01 * w }
                m = 0.9 * m + 0.1 * g
                v = 0.999 * v + 0.001 * g * g
                b1 *= 0.9
                b2 *= 0.999
                w -= 0.1 * (m / (1 - b1)) / ((v / (1 - b2)).squareRoot() + 1e-8)
            }
            #expect(abs(Double(result[i]) - w) < 1e-5)
        }
    }

    @Test("clipping scales all gradients by one factor and returns the norm before")
    func clipping() throws {
        let a = try Tensor([Float(3), 0]), b = try Tensor([Float(4)])
        #expect(abs(try clipGradients([a, b], maximumNorm: 1).item() - 5) < 1e-6)
        #expect(abs(try b.item() - 0.8) < 1e-6)
        #expect(abs(try clipGradients([a, b], maximumNorm: 10).item() - 1) < 1e-5)
        #expect(abs(try b.item() - 0.8) < 1e-6)
    }

    @Test("a step with an infinite gradient is skipped and halves the scale")
    func gradientScaler() throws {
        let parameter = try parameter()
        let optimizer = SGD([group(parameter)])
        let scaler = try GradientScaler(isEnabled: true, on: .cpu)
        let loss = try scaler.scaled(Tensor.ones([]))
        #expect(try loss.item() == 65536)

        try parameter.setGradient(Tensor([Float.infinity, 0, 0]))
        try scaler.unscale(optimizer.gradients())
        try optimizer.step(skipFlag: scaler.skipFlag)
        try scaler.update()
        #expect(try parameter.array() == start)
        #expect(try scaler.scaled(Tensor.ones([])).item() == 32768)

        try parameter.setGradient(Tensor([Float(32768), 0, 0]))
        try scaler.unscale(optimizer.gradients())
        #expect(try #require(try parameter.gradient()).array() == [Float(1), 0, 0])
    }

    @Test("a skipped step of Adam changes neither the weights nor the count of steps")
    func skippedAdam() throws {
        let skipped = try parameter(), plain = try parameter()
        let optimizer = Adam([group(skipped)], decouplesWeightDecay: false)
        try skipped.setGradient(Tensor([Float.infinity, 0, 0]))
        try optimizer.step(skipFlag: Tensor.ones([]))
        #expect(try skipped.array() == start)

        try skipped.setGradient(Tensor(gradients[0]))
        try optimizer.step(skipFlag: Tensor.zeros([]))
        let reference = Adam([group(plain)], decouplesWeightDecay: false)
        try plain.setGradient(Tensor(gradients[0]))
        try reference.step(skipFlag: nil)
        #expect(try skipped.array(of: Float.self) == plain.array())
    }

    @Test("averages move by one minus the decay")
    func averages() throws {
        let average = try Tensor([Float(1), 2])
        try decayAverages([average], towards: [Tensor([Float(3), 2])], decay: 0.75)
        #expect(try average.array() == [Float(1.5), 2])
    }

    @Test("the average of what does not move keeps every bit", arguments: [0.0005, 0.3, 0.6, 0.9, 0.9999])
    func averagesAtRest(decay: Double) throws {
        let values = (1...1000).map { Float($0) / 7 }
        let average = try Tensor(values)
        for _ in 0..<100 { try decayAverages([average], towards: [Tensor(values)], decay: decay) }
        #expect(try average.array() == values)
    }
}
