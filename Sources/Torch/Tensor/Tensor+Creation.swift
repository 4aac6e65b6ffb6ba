import CTorch

extension Tensor {
    /// Elements are whatever the memory holds.
    public static func empty(
        _ shape: [Int], _ type: ScalarType = .float32, on device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try make("empty") { out in shape.lend { ct_empty(out, $0, type.raw, device.raw) } }
    }

    public static func full(
        _ shape: [Int], _ value: Double, _ type: ScalarType = .float32, on device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try make("full") { out in shape.lend { ct_full(out, $0, value, type.raw, device.raw) } }
    }

    public static func zeros(
        _ shape: [Int], _ type: ScalarType = .float32, on device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try full(shape, 0, type, on: device)
    }

    public static func ones(
        _ shape: [Int], _ type: ScalarType = .float32, on device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try full(shape, 1, type, on: device)
    }

    /// 0, 1, …, `count - 1`.
    public static func arange(
        _ count: Int, _ type: ScalarType = .int64, on device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try make("arange") { ct_arange($0, Int64(count), type.raw, device.raw) }
    }

    /// Uniform random numbers from libtorch's generator (`Runtime.seed`).
    public static func uniform(
        _ shape: [Int], in range: ClosedRange<Double> = 0...1, _ type: ScalarType = .float32, on device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try make("uniform") { out in
            shape.lend { ct_uniform(out, $0, range.lowerBound, range.upperBound, type.raw, device.raw) }
        }
    }

    /// A copy of a Swift array.
    /// - Parameter shape: row-major; nil makes a vector. Its product must be the number of values.
    public init<Element: TorchElement>(
        _ values: [Element], shape: [Int]? = nil, on device: Device = .cpu
    ) throws(TorchError) {
        let shape = shape ?? [values.count]
        precondition(shape.reduce(1, *) == values.count, "\(values.count) values do not fill a tensor of shape \(shape)")
        let tensor = try Tensor.empty(shape, Element.scalarType)
        values.withUnsafeBytes { tensor.lend(ct_tensor_bytes)?.copyMemory(from: $0) }
        self = try tensor.to(device)
    }

    /// A copy of row-major bytes.
    public init(
        copying bytes: UnsafeRawBufferPointer, shape: [Int], _ type: ScalarType, on device: Device = .cpu
    ) throws(TorchError) {
        precondition(
            shape.reduce(1, *) * type.byteCount == bytes.count,
            "\(bytes.count) bytes do not fill a tensor of shape \(shape) and type \(type)")
        let tensor = try Tensor.empty(shape, type)
        tensor.lend(ct_tensor_bytes)?.copyMemory(from: bytes)
        self = try tensor.to(device)
    }

    /// A tensor over memory that stays the caller's: nothing is copied.
    ///
    /// The memory must outlive the tensor and every view of it; `to(_:)` and `cloned()` make independent tensors.
    public static func viewing(
        _ bytes: UnsafeRawBufferPointer, shape: [Int], _ type: ScalarType
    ) throws(TorchError) -> Tensor {
        precondition(
            shape.reduce(1, *) * type.byteCount <= bytes.count,
            "\(bytes.count) bytes are too few for a tensor of shape \(shape) and type \(type)")
        guard let base = bytes.baseAddress else { return try empty(shape, type) }
        let memory = UnsafeMutableRawPointer(mutating: base)
        return try make("viewing") { out in shape.lend { ct_view_of_bytes(out, memory, $0, type.raw) } }
    }
}

extension UnsafeMutableRawPointer {
    /// Like `copyMemory(from:byteCount:)`, for a source that may be empty.
    fileprivate func copyMemory(from source: UnsafeRawBufferPointer) {
        guard let base = source.baseAddress else { return }
        copyMemory(from: base, byteCount: source.count)
    }
}
