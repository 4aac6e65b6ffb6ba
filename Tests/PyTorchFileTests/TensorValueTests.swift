import Foundation
import Testing

@testable import PyTorchFile

@Suite struct TensorValueTests {
    @Test("A transposed view is handed out row by row")
    func transposed() throws {
        let base = TensorValue.floats([1, 2, 3, 4, 5, 6], shape: [2, 3])
        let view = try TensorValue(checking: .float32, shape: [3, 2], strides: [1, 3], offset: 0, storage: base.storage)
        #expect(!view.isContiguous)
        #expect(view.doubles == [1, 4, 2, 5, 3, 6])
    }

    @Test("A channels-last image is handed out channels first")
    func channelsLast() throws {
        // [1, 3, 2, 2] stored as NHWC: element (c, y, x) lies at y * 6 + x * 3 + c.
        let stored = (0..<12).map { UInt8($0) }
        let image = try TensorValue(
            checking: .uint8, shape: [1, 3, 2, 2], strides: [12, 1, 6, 3], offset: 0, storage: TensorStorage(stored))
        #expect(image.doubles == [0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11])
    }

    @Test("A contiguous tensor is lent where it lies")
    func zeroCopy() throws {
        let storage = TensorStorage([UInt8](repeating: 7, count: 64))
        let tail = try TensorValue(checking: .int32, shape: [2, 1, 3], strides: [3, 99, 1], offset: 4, storage: storage)
        #expect(tail.isContiguous)  // the stride of a dimension of one does not matter
        storage.withBytes { whole in
            tail.withBytes { part in
                #expect(part.baseAddress == whole.baseAddress.map { $0 + 16 })
                #expect(part.count == 24)
            }
        }
    }

    @Test("An expanded tensor repeats its elements")
    func expanded() throws {
        let base = TensorValue.floats([1, 2], shape: [2, 1])
        let view = try TensorValue(checking: .float32, shape: [2, 3], strides: [1, 0], offset: 0, storage: base.storage)
        #expect(view.doubles == [1, 1, 1, 2, 2, 2])
    }

    @Test("Single numbers and empty tensors")
    func edges() throws {
        let single = TensorValue.floats([2.5], shape: [])
        #expect(single.count == 1)
        #expect(single.isContiguous)
        #expect(PickleValue.tensor(single).double == 2.5)
        let empty = TensorValue.floats([], shape: [0, 3])
        #expect(empty.doubles.isEmpty)
        #expect(empty.withBytes { $0.count } == 0)
        // Behind the end is a legal place for nothing.
        let behind = try TensorValue(
            checking: .float32, shape: [0], strides: [1], offset: 5, storage: single.storage)
        #expect(behind.doubles.isEmpty)
    }

    @Test("Elements of every type are numbers", arguments: [
        (TensorValue.DType.float16, [0x00, 0x3E, 0x00, 0xC0], [1.5, -2]),
        (.bfloat16, [0xC0, 0x3F, 0x00, 0xC0], [1.5, -2]),
        (.float32, [0, 0, 0xC0, 0x3F], [1.5]),
        (.float64, [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], [1.5]),
        (.int8, [0xFF, 2], [-1, 2]), (.uint8, [0xFF, 2], [255, 2]), (.bool, [0, 1], [0, 1]),
        (.int16, [0xFE, 0xFF], [-2]), (.int32, [0xFE, 0xFF, 0xFF, 0xFF], [-2]),
        (.int64, [0, 1, 0, 0, 0, 0, 0, 0], [256]),
    ] as [(TensorValue.DType, [UInt8], [Double])])
    func numbers(dtype: TensorValue.DType, bytes: [UInt8], expected: [Double]) {
        let tensor = TensorValue(dtype, shape: [expected.count], storage: TensorStorage(bytes))
        #expect(tensor.doubles == expected)
    }

    @Test("A description that reaches outside of the storage is refused", arguments: [
        ([4], [1], 1), ([2, 3], [3, 1], 0), ([2], [4], 0), ([-1], [1], 0), ([1], [-1], 0), ([1], [1], -1),
        ([Int.max, 2], [1, 1], 0), ([2], [Int.max], 0), ([3], [Int.max / 2 + 1], 0), ([1 << 40], [0], 0),
        ([1], [1, 1], 0), ([1], [1], Int.max),
    ])
    func outside(shape: [Int], strides: [Int], offset: Int) {
        #expect(throws: Defect.self) {
            try TensorValue(
                checking: .float32, shape: shape, strides: strides, offset: offset,
                storage: TensorStorage([UInt8](repeating: 0, count: 16)))
        }
    }

    @Test("Copying out is as fast as memory")
    func speed() throws {
        let count = 32 << 20
        let tensor = TensorValue(.float32, shape: [count / 4], storage: TensorStorage([UInt8](repeating: 1, count: count)))
        let output = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
        defer { output.deallocate() }
        output.initializeMemory(as: UInt8.self, repeating: 0)
        let clock = ContinuousClock()
        func best(_ body: () -> Void) -> Duration? { (0..<5).map { _ in clock.measure(body) }.min() }
        let ours = try #require(best { tensor.copyBytes(to: output) })
        let plain = try #require(best { tensor.storage.withBytes { output.copyMemory(from: $0) } })
        #expect(ours < plain * 3)
        #expect(output.allSatisfy { $0 == 1 })
    }
}
