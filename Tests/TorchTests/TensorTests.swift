import Testing
import Torch

@Suite struct TensorTests {
    @Test("elements come back in row-major order, whatever the layout in memory")
    func elements() throws {
        let x = try Tensor((0..<24).map(Float.init), shape: [1, 2, 3, 4])
        #expect(try x.contiguous(.channelsLast).array(of: Float.self) == (0..<24).map(Float.init))
        #expect(try x.permuted([0, 2, 3, 1]).reshaped([12, 2]).selected(axis: 1, index: 1).array() == (12..<24).map(Float.init))
        #expect(try x.to(.int64).array(of: Int64.self).last == 23)
    }

    @Test("a view of bytes shares them; a conversion does not")
    func viewsShareMemory() throws {
        var pixels: [UInt8] = [1, 2, 3]
        try pixels.withUnsafeMutableBytes { bytes in
            let view = try Tensor.viewing(UnsafeRawBufferPointer(bytes), shape: [3], .uint8)
            let copy = try view.to(.float32)
            bytes[0] = 9
            #expect(try view.array(of: UInt8.self) == [9, 2, 3])
            #expect(try copy.array(of: Float.self) == [1, 2, 3])
        }
    }

    @Test("operators broadcast")
    func operators() throws {
        let x = try Tensor([Float(1), 2, 3, 4], shape: [2, 2])
        let y = try Tensor([Float(10), 20])
        #expect(try (x + y).array() == [Float(11), 22, 13, 24])
        #expect(try (1.0 - x).array() == [Float(0), -1, -2, -3])
        #expect(try (x / 2.0).sum(axes: [1]).array() == [Float(1.5), 3.5])
        #expect(try (x > 2.0).array() == [false, false, true, true])
    }

    @Test("an error names the operation and says what libtorch found")
    func errors() throws {
        let x = try Tensor.zeros([2, 3])
        let error = #expect(throws: TorchError.self) { try x.matmul(x) }
        #expect(error?.operation == "matmul")
        #expect(error?.kind == .failed)
        #expect(error?.message.contains("2x3") == true)
    }

    @Test("running out of memory is told from other failures")
    func outOfMemory() {
        let error = #expect(throws: TorchError.self) { try Tensor.empty([1 << 50]) }
        #expect(error?.kind == .outOfMemory)
    }

    @Test("gradients flow through operators and stop outside of the graph")
    func gradients() throws {
        let x = try Tensor([Float(2), 3])
        try x.requireGradient()
        try (x * x).sum().backward()
        #expect(try #require(try x.gradient()).array() == [Float(4), 6])
        let untracked = try withoutGradients { try x * 2.0 }
        #expect(!untracked.requiresGradient)
        try x.setGradient(nil)
        #expect(try x.gradient() == nil)
    }
}
