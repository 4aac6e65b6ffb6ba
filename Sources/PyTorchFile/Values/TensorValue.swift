/// A tensor: a strided view into a storage, as PyTorch describes it.
///
///     let weight = TensorValue(.float32, shape: [2, 3], storage: TensorStorage(bytes))
///     weight.withBytes { bytes in … }          // row-major, no copy when it already is
public struct TensorValue: Sendable {
    public let dtype: DType
    /// Empty for a single number.
    public let shape: [Int]
    /// Elements to step in the storage for each dimension.
    public let strides: [Int]
    /// Elements of the storage before the first one.
    public let offset: Int
    public let storage: TensorStorage
    /// Whether this is a `torch.nn.Parameter`.
    public let isParameter: Bool
    public let requiresGradient: Bool

    /// A row-major tensor that fills `storage`, whose size must fit `shape`.
    public init(
        _ dtype: DType, shape: [Int], storage: TensorStorage, isParameter: Bool = false, requiresGradient: Bool = false
    ) {
        let count = shape.reduce(1, *)
        precondition(
            count * dtype.size == storage.byteCount,
            "a \(dtype) tensor of shape \(shape) takes \(count * dtype.size) bytes, not \(storage.byteCount)")
        self.init(
            unchecked: dtype, shape: shape, strides: Self.rowMajorStrides(shape), offset: 0, storage: storage,
            isParameter: isParameter, requiresGradient: requiresGradient)
    }

    /// A row-major tensor with a copy of `bytes`, whose size must fit `shape`.
    public init(_ dtype: DType, shape: [Int], copying bytes: UnsafeRawBufferPointer) {
        self.init(dtype, shape: shape, storage: TensorStorage(Array(bytes)))
    }

    /// A tensor whose description comes from a file: every element must lie inside the storage.
    init(
        checking dtype: DType, shape: [Int], strides: [Int], offset: Int, storage: TensorStorage,
        isParameter: Bool = false, requiresGradient: Bool = false
    ) throws(Defect) {
        func impossible(_ reason: String) -> Defect {
            .malformed("a \(dtype) tensor of shape \(shape), strides \(strides) and offset \(offset) \(reason)")
        }
        guard shape.count <= Limits.dimensions else { throw .malformed("a tensor has \(shape.count) dimensions") }
        guard shape.count == strides.count else { throw impossible("has \(strides.count) strides") }
        guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
            throw impossible("has a negative number")
        }
        // The other sizes must be possible also where one of them is zero: whoever steps through them multiplies them.
        var product = 1
        for size in shape where size > 0 {
            let (next, overflows) = product.multipliedReportingOverflow(by: size)
            guard !overflows, next <= Int.max / dtype.size else { throw impossible("is too large") }
            product = next
        }
        let count = shape.contains(0) ? 0 : product
        let available = storage.byteCount / dtype.size
        if count > 0 {
            var last = offset
            for (size, stride) in zip(shape, strides) {
                let (distance, distanceOverflows) = (size - 1).multipliedReportingOverflow(by: stride)
                let (sum, sumOverflows) = last.addingReportingOverflow(distance)
                guard !distanceOverflows, !sumOverflows else { throw impossible("is too large") }
                last = sum
            }
            guard last < available else { throw impossible("reaches outside of its storage of \(available) elements") }
        }
        guard count <= max(available, Limits.expandedTensorBytes / dtype.size) else { throw impossible("is too large") }
        self.init(
            unchecked: dtype, shape: shape, strides: strides,
            // PyTorch lets an empty tensor begin anywhere; nothing is read there.
            offset: count > 0 ? offset : min(offset, available), storage: storage,
            isParameter: isParameter, requiresGradient: requiresGradient)
    }

    private init(
        unchecked dtype: DType, shape: [Int], strides: [Int], offset: Int, storage: TensorStorage, isParameter: Bool,
        requiresGradient: Bool
    ) {
        self.dtype = dtype
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.storage = storage
        self.isParameter = isParameter
        self.requiresGradient = requiresGradient
    }

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }

    /// Bytes of all elements, row-major.
    public var byteCount: Int { count * dtype.size }

    /// Whether the elements lie one after the other in row-major order.
    public var isContiguous: Bool {
        guard count > 0 else { return true }
        var expected = 1
        for (size, stride) in zip(shape, strides).reversed() {
            if size == 1 { continue }  // the stride of a dimension of one is never used
            if stride != expected { return false }
            expected *= size
        }
        return true
    }

    /// The same elements as a parameter (or no longer as one).
    public func asParameter(requiresGradient: Bool) -> TensorValue {
        TensorValue(
            unchecked: dtype, shape: shape, strides: strides, offset: offset, storage: storage, isParameter: true,
            requiresGradient: requiresGradient)
    }

    /// The same view into another block, whose elements are of another type and as many.
    package func replacing(storage other: TensorStorage, dtype type: DType) -> TensorValue {
        precondition(
            other.byteCount / type.size == storage.byteCount / dtype.size,
            "a block of \(storage.byteCount / dtype.size) elements is replaced by one of \(other.byteCount / type.size)")
        return TensorValue(
            unchecked: type, shape: shape, strides: strides, offset: offset, storage: other, isParameter: isParameter,
            requiresGradient: requiresGradient)
    }

    /// Elements to step for each dimension of a row-major tensor. Sizes from a file may be absurd, so this wraps around
    /// where `init(checking:)` will refuse the shape.
    static func rowMajorStrides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] &* max(shape[axis + 1], 1)
        }
        return strides
    }
}

extension TensorValue {
    /// The type of a tensor's elements, by the name that follows `torch.` in Python.
    public enum DType: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
        case float16, bfloat16, float32, float64, int8, int16, int32, int64, uint8, bool

        /// Bytes of an element.
        public var size: Int {
            switch self {
            case .int8, .uint8, .bool: 1
            case .float16, .bfloat16, .int16: 2
            case .float32, .int32: 4
            case .float64, .int64: 8
            }
        }

        public var isFloatingPoint: Bool { [.float16, .bfloat16, .float32, .float64].contains(self) }

        public var description: String { rawValue }

        /// The class in module `torch` that stands for a storage of this type in a pickle.
        var storageClass: String {
            switch self {
            case .float16: "HalfStorage"
            case .bfloat16: "BFloat16Storage"
            case .float32: "FloatStorage"
            case .float64: "DoubleStorage"
            case .int8: "CharStorage"
            case .int16: "ShortStorage"
            case .int32: "IntStorage"
            case .int64: "LongStorage"
            case .uint8: "ByteStorage"
            case .bool: "BoolStorage"
            }
        }
    }
}
