import Testing
import Torch

/// The operations that this package adds to libtorch's own, held against compositions of libtorch's.
@Suite struct FusedLayerTests {
    /// A batch whose channels differ in mean and spread, so that a mixed-up channel shows.
    private func images(_ shape: [Int]) throws -> Tensor {
        Runtime.seed(1)
        let ramp = try Tensor.arange(shape[1], .float32).reshaped([1, shape[1], 1, 1])
        let noise = try Tensor.uniform(shape, in: -2...2)
        return try (noise * (ramp * 0.1 + 1) + ramp * 0.3).contiguous(.channelsLast)
    }

    private func distance(_ x: Tensor, _ y: Tensor) throws -> Double {
        try (x.to(.float32) - y.to(.float32)).abs().max().item()
    }

    @Test("batch norm + SiLU in one node agrees with the two operations, forwards and backwards",
        arguments: [[2, 32, 5, 7], [3, 16, 40, 40], [1, 48, 3, 3]])
    func batchNormSiLU(shape: [Int]) throws {
        let values = try images(shape)
        let slope = try Tensor.uniform(shape, in: -1...1).contiguous(.channelsLast)

        func run(_ forward: (BatchNorm2d, Tensor) throws -> Tensor) throws -> [Tensor] {
            let layer = try BatchNorm2d(channels: shape[1], epsilon: 1e-3, momentum: 0.03)
            let initial = try Tensor.arange(shape[1], .float32)
            try layer.weight.replaceData(with: initial * 0.05 + 0.5)
            try layer.bias.replaceData(with: initial * -0.02)
            let x = try values.cloned()
            try x.requireGradient()
            let y = try forward(layer, x)
            try y.backward(gradient: slope)
            let gradients = try [x, layer.weight, layer.bias].compactMap { try $0.gradient() }
            return [y] + gradients + [layer.runningMean, layer.runningVariance]
        }
        let fused = try run { layer, x in try layer.followedBySiLU(x, .training) }
        let separate = try run { layer, x in try layer(x, .training).silu() }
        try #require(fused.count == 6 && separate.count == 6)
        for (index, tolerance) in [1e-5, 1e-5, 1e-3, 1e-3, 1e-6, 1e-5].enumerated() {
            #expect(try distance(fused[index].detached(), separate[index].detached()) < tolerance, "result \(index)")
        }
        #expect(fused[0].isContiguous(.channelsLast))
    }

    @Test("the gradient of some channels of a concatenation is read in place")
    func gradientOfSlice() throws {
        let values = try images([2, 16, 6, 6])
        let wide = try images([2, 48, 6, 6])
        func gradient(_ slope: Tensor) throws -> Tensor {
            let x = try values.cloned()
            try x.requireGradient()
            try BatchNorm2d(channels: 16).followedBySiLU(x, .training).backward(gradient: slope)
            return try #require(try x.gradient())
        }
        let slice = try wide.narrowed(axis: 1, start: 16, length: 16)
        #expect(try distance(gradient(slice), gradient(slice.contiguous(.channelsLast))) == 0)
    }

    @Test("frozen weights change neither output nor input gradient, and get none; an input may want none either",
        arguments: [ScalarType.float32, .bfloat16])
    func frozen(type: ScalarType) throws {
        let values = try images([2, 32, 6, 6]).to(type)
        let slope = try images([2, 32, 6, 6]).to(type)
        func run(learns: Bool, wantsInputGradient: Bool) throws -> (y: Tensor, dx: Tensor?, dw: Tensor?, db: Tensor?) {
            let layer = try BatchNorm2d(channels: 32)
            for parameter in layer.parameters() { try parameter.requireGradient(learns) }
            let x = try values.cloned()
            try x.requireGradient(wantsInputGradient)
            let y = try layer.followedBySiLU(x, .training)
            #expect(y.requiresGradient == (learns || wantsInputGradient))
            if y.requiresGradient { try y.backward(gradient: slope) }
            #expect(try layer.runningMean.abs().max().item() > 0)
            return (try y.detached(), try x.gradient(), try layer.weight.gradient(), try layer.bias.gradient())
        }
        let all = try run(learns: true, wantsInputGradient: true)
        let frozen = try run(learns: false, wantsInputGradient: true)
        #expect(try distance(frozen.y, all.y) == 0)
        #expect(try distance(#require(frozen.dx), #require(all.dx)) == 0)
        #expect(frozen.dw == nil && frozen.db == nil)
        let first = try run(learns: true, wantsInputGradient: false)
        #expect(first.dx == nil)
        #expect(try distance(#require(first.dw), #require(all.dw)) == 0)
        #expect(try distance(#require(first.db), #require(all.db)) == 0)
        let nothing = try run(learns: false, wantsInputGradient: false)
        #expect(try distance(nothing.y, all.y) == 0)
    }

    @Test("in bfloat16 it stays within the rounding of its input and output")
    func batchNormSiLUInBFloat16() throws {
        let values = try images([2, 32, 20, 20])
        let layer = try BatchNorm2d(channels: 32, epsilon: 1e-3, momentum: 0.03)
        let exact = try layer(values, .training).silu()
        let rounded = try layer.followedBySiLU(values.to(.bfloat16), .training)
        #expect(rounded.scalarType == .bfloat16)
        #expect(try distance(rounded, exact) < 0.03)
    }

    @Test("NaN in a batch stays NaN in both precisions", arguments: [ScalarType.float32, .bfloat16])
    func keepsNaN(type: ScalarType) throws {
        let layer = try BatchNorm2d(channels: 16)
        let x = try Tensor.full([1, 16, 2, 2], .nan).contiguous(.channelsLast).to(type)
        let y: [Float] = try layer.followedBySiLU(x, .training).to(.float32).array()
        #expect(y.allSatisfy { $0.isNaN })
    }

    @Test("large inputs neither overflow nor leave the range of SiLU")
    func saturates() throws {
        let layer = try BatchNorm2d(channels: 16)
        try layer.weight.replaceData(with: Tensor.full([16], 1e4))
        let x = try images([1, 16, 8, 8])
        let fused = try layer.followedBySiLU(x, .training)
        #expect(try fused.isFinite().all().item() == 1)
        #expect(try fused.min().item() > -0.28)
    }

    @Test("channel counts that fill no vector take libtorch's own operations")
    func oddChannels() throws {
        let layer = try BatchNorm2d(channels: 10)
        let x = try images([2, 10, 4, 4])
        #expect(try distance(layer.followedBySiLU(x, .training), layer(x, .training).silu()) < 1e-6)
    }

    @Test("rows and a column come with one gradient, in which a row taken twice counts twice")
    func gatheredRowsAndColumn() throws {
        let matrix = try Tensor((0..<12).map(Float.init), shape: [4, 3])
        try matrix.requireGradient()
        let (rows, column) = try matrix.gatheredRowsAndColumn(rows: Tensor([Int64(2), 0, 2]), column: 1)
        #expect(try rows.array(of: Float.self) == [6, 7, 8, 0, 1, 2, 6, 7, 8])
        #expect(try column.array(of: Float.self) == [1, 4, 7, 10])

        let loss = try (rows * rows).sum() + (column * 10.0).sum()
        try loss.backward()
        let gradient: [Float] = try #require(try matrix.gradient()).array()
        // d/dx of x² a row taken once, twice that where it is taken twice, and 10 in column 1.
        #expect(gradient == [0, 12, 4, 0, 10, 0, 24, 38, 32, 0, 10, 0])
    }

    @Test("convolution + SiLU in one kernel agrees with the two operations")
    func convolutionSiLU() throws {
        let x = try images([2, 16, 9, 9])
        let layer = try Conv2d(inChannels: 16, outChannels: 32, kernelSize: 3, stride: 2, padding: 1)
        try withInferenceMode {
            let frozen = Conv2d(
                weight: try layer.weight.detached(), bias: try layer.bias?.detached(), stride: 2, padding: 1)
            #expect(try distance(frozen.followedBySiLU(x), layer(x, .inference).silu()) < 1e-5)
        }
    }
}
