import CTorch

/// Where a tensor lives and computes.
public enum Device: Hashable, Sendable, CustomStringConvertible {
    case cpu
    /// The CUDA device of that number.
    case cuda(Int)

    public var isCUDA: Bool { self != .cpu }

    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .cuda(let index): "cuda:\(index)"
        }
    }

    /// Waits until the device has done all that it was given.
    public func synchronize() throws(TorchError) { try check("synchronize", ct_synchronize(raw)) }

    /// Bytes that libtorch holds on the device; 0 on the CPU.
    public func reservedMemory() throws(TorchError) -> Int {
        var bytes: Int64 = 0
        try check("reservedMemory", ct_reserved_memory(&bytes, raw))
        return Int(bytes)
    }

    var raw: CTDevice {
        switch self {
        case .cpu: CTDevice(index: -1)
        case .cuda(let index): CTDevice(index: Int32(index))
        }
    }

    init(_ raw: CTDevice) { self = raw.index < 0 ? .cpu : .cuda(Int(raw.index)) }
}
