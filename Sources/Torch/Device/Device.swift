import CTorch
import Glibc

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

    /// The name that NVIDIA's driver has for a CUDA device; nil where it does not tell, and for the CPU.
    public var name: String? {
        let characters = [CChar](unsafeUninitializedCapacity: 256) { buffer, count in
            guard let start = buffer.baseAddress else { return }
            start.pointee = 0
            ct_cuda_device_name(start, Int32(buffer.count), raw)
            count = strnlen(start, buffer.count)
        }
        return characters.isEmpty ? nil : String(decoding: characters.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Bytes of a CUDA device; nil where the driver does not tell, and for the CPU.
    public var totalMemory: Int? {
        let bytes = ct_cuda_device_memory(raw)
        return bytes > 0 ? Int(bytes) : nil
    }

    /// Waits until the device has done all that it was given.
    public func synchronize() throws(TorchError) { try check("synchronize", ct_synchronize(raw)) }

    /// Bytes that libtorch holds on the device; 0 on the CPU.
    public func reservedMemory() throws(TorchError) -> Int {
        var bytes: Int64 = 0
        try check("reservedMemory", ct_reserved_memory(&bytes, raw))
        return Int(bytes)
    }

    /// The most bytes that tensors have taken on a CUDA device at one time since ``resetPeakMemory()``; 0 on the CPU.
    public func peakMemory() throws(TorchError) -> Int {
        var bytes: Int64 = 0
        try check("peakMemory", ct_peak_memory(&bytes, raw))
        return Int(bytes)
    }

    public func resetPeakMemory() throws(TorchError) { try check("resetPeakMemory", ct_reset_peak_memory(raw)) }

    /// Bytes of a CUDA device that this process can still take; 0 on the CPU.
    public func freeMemory() throws(TorchError) -> Int {
        var bytes: Int64 = 0
        try check("freeMemory", ct_free_memory(&bytes, raw))
        return Int(bytes)
    }

    /// Gives memory that libtorch keeps for later back to the device.
    public func emptyCache() throws(TorchError) { try check("emptyCache", ct_empty_cache(raw)) }

    var raw: CTDevice {
        switch self {
        case .cpu: CTDevice(index: -1)
        case .cuda(let index): CTDevice(index: Int32(index))
        }
    }

    init(_ raw: CTDevice) { self = raw.index < 0 ? .cpu : .cuda(Int(raw.index)) }
}
