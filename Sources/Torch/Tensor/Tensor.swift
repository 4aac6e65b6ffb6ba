import CTorch

/// A libtorch tensor.
///
/// A value of this type is a reference to storage that operations named after verbs (`fill`, `copy(from:)`, `add`)
/// change in place, so it is not `Sendable`: all tensor work of a process happens on one thread. Loader threads hand
/// over plain bytes instead.
public struct Tensor {
    let handle: TensorHandle

    init(_ handle: TensorHandle) { self.handle = handle }

    /// The same for two values that are one tensor.
    public var identity: ObjectIdentifier { ObjectIdentifier(handle) }

    /// Runs a call of CTorch that makes a tensor.
    static func make(
        _ operation: String, _ call: (UnsafeMutablePointer<CTTensor>) -> CTStatus
    ) throws(TorchError) -> Tensor {
        var raw = CTTensor()
        try check(operation, call(&raw))
        return Tensor(TensorHandle(owning: raw))
    }

    /// Lends the raw handle to a call, keeping the tensor alive meanwhile.
    func lend<Result>(_ body: (CTTensor) -> Result) -> Result { handle.lend(body) }

    func unary(
        _ operation: String, _ call: (UnsafeMutablePointer<CTTensor>, CTTensor) -> CTStatus
    ) throws(TorchError) -> Tensor {
        try Tensor.make(operation) { out in lend { call(out, $0) } }
    }

    func binary(
        _ operation: String, _ other: Tensor,
        _ call: (UnsafeMutablePointer<CTTensor>, CTTensor, CTTensor) -> CTStatus
    ) throws(TorchError) -> Tensor {
        try Tensor.make(operation) { out in lend { x in other.lend { y in call(out, x, y) } } }
    }
}

/// The one owner of a libtorch tensor reference.
final class TensorHandle {
    private let raw: CTTensor

    init(owning raw: CTTensor) { self.raw = raw }

    deinit { ct_tensor_free(raw) }

    func lend<Result>(_ body: (CTTensor) -> Result) -> Result { withExtendedLifetime(self) { body(raw) } }
}

// MARK: - Facts

extension Tensor {
    public var dimensions: Int { lend { Int(ct_tensor_dimensions($0)) } }
    public var count: Int { lend { Int(ct_tensor_count($0)) } }
    public var shape: [Int] { integers(ct_tensor_shape) }
    /// Steps between neighbours along each axis, in elements.
    public var strides: [Int] { integers(ct_tensor_strides) }
    public var scalarType: ScalarType { lend { ScalarType(ct_tensor_type($0)) } }
    public var device: Device { lend { Device(ct_tensor_device($0)) } }

    public func isContiguous(_ format: MemoryFormat = .contiguous) -> Bool {
        lend { ct_tensor_is_contiguous($0, format.raw) }
    }

    private func integers(_ read: (CTTensor, UnsafeMutablePointer<Int64>) -> Void) -> [Int] {
        var values = [Int64](repeating: 0, count: dimensions)
        lend { read($0, &values) }
        return values.map(Int.init)
    }
}

/// The order of an image tensor `[N, C, H, W]` in memory.
public enum MemoryFormat: Hashable, Sendable {
    /// Row-major: one plane a channel.
    case contiguous
    /// All channels of a pixel side by side: what convolutions on a CPU and on tensor cores want.
    case channelsLast

    var raw: CTMemoryFormat {
        switch self {
        case .contiguous: CT_CONTIGUOUS
        case .channelsLast: CT_CHANNELS_LAST
        }
    }
}

// MARK: - Lists for CTorch

extension [Int] {
    func lend<Result>(_ body: (CTShape) -> Result) -> Result {
        map(Int64.init).withUnsafeBufferPointer { body(CTShape(values: $0.baseAddress, count: $0.count)) }
    }
}

extension [Tensor] {
    func lend<Result>(_ body: (CTTensorList) -> Result) -> Result {
        // The raw handles leave their closures here, and stay valid: this array owns them until `body` is done.
        withExtendedLifetime(self) {
            map { $0.lend { $0 } }.withUnsafeBufferPointer { body(CTTensorList(tensors: $0.baseAddress, count: $0.count)) }
        }
    }
}

extension Tensor? {
    /// An empty handle stands for "none".
    func lend<Result>(_ body: (CTTensor) -> Result) -> Result {
        guard let self else { return body(CTTensor()) }
        return self.lend(body)
    }
}
