import CTorch

/// The type of a tensor's elements.
public enum ScalarType: Hashable, Sendable, CaseIterable {
    case uint8, int32, int64, float16, bfloat16, float32, float64, bool

    public var byteCount: Int {
        switch self {
        case .uint8, .bool: 1
        case .float16, .bfloat16: 2
        case .int32, .float32: 4
        case .int64, .float64: 8
        }
    }

    public var isFloatingPoint: Bool {
        switch self {
        case .float16, .bfloat16, .float32, .float64: true
        case .uint8, .int32, .int64, .bool: false
        }
    }

    var raw: CTScalarType {
        switch self {
        case .uint8: CT_UINT8
        case .int32: CT_INT32
        case .int64: CT_INT64
        case .float16: CT_FLOAT16
        case .bfloat16: CT_BFLOAT16
        case .float32: CT_FLOAT32
        case .float64: CT_FLOAT64
        case .bool: CT_BOOL
        }
    }

    init(_ raw: CTScalarType) {
        guard let type = Self.allCases.first(where: { $0.raw == raw }) else {
            preconditionFailure("libtorch returned a tensor of a type that this package never makes")
        }
        self = type
    }
}

/// A Swift type that stands for the elements of a tensor.
public protocol TorchElement: BitwiseCopyable, Sendable {
    static var scalarType: ScalarType { get }
}

extension UInt8: TorchElement { public static var scalarType: ScalarType { .uint8 } }
extension Int32: TorchElement { public static var scalarType: ScalarType { .int32 } }
extension Int64: TorchElement { public static var scalarType: ScalarType { .int64 } }
extension Float: TorchElement { public static var scalarType: ScalarType { .float32 } }
extension Double: TorchElement { public static var scalarType: ScalarType { .float64 } }
extension Bool: TorchElement { public static var scalarType: ScalarType { .bool } }
