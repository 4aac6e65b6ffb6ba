import CTorch

/// The type in which convolutions and matrix products compute. Parameters and losses stay float32.
///
/// On CUDA, libtorch's convolutions of float32 numbers multiply in TF32 where the GPU has it (10 bits of mantissa), as in Python.
public enum Precision: String, Hashable, Sendable, CaseIterable {
    case float32 = "fp32"
    case bfloat16 = "bf16"
    case float16 = "fp16"

    public var scalarType: ScalarType {
        switch self {
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .float16: .float16
        }
    }
}

/// Runs `body` with libtorch's automatic mixed precision; with `.float32`, as it is.
///
/// Each weight is converted once: its copy is kept until the block ends, so one block should hold a forward pass.
public func withAutocast<Result, Failure: Error>(
    _ precision: Precision, on device: Device, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
    guard precision != .float32 else { return try body() }
    ct_autocast_enter(device.isCUDA, precision.scalarType.raw)
    defer { ct_autocast_leave(device.isCUDA) }
    return try body()
}
