import CTorch

// Operators follow libtorch: shapes broadcast, types promote. They throw where shapes do not fit.
extension Tensor {
    public static func + (x: Tensor, y: Tensor) throws(TorchError) -> Tensor {
        try x.binary("+", y) { ct_add($0, $1, $2, 1) }
    }
    public static func - (x: Tensor, y: Tensor) throws(TorchError) -> Tensor { try x.binary("-", y, ct_sub) }
    public static func * (x: Tensor, y: Tensor) throws(TorchError) -> Tensor { try x.binary("*", y, ct_mul) }
    public static func / (x: Tensor, y: Tensor) throws(TorchError) -> Tensor { try x.binary("/", y, ct_div) }

    public static func + (x: Tensor, y: Double) throws(TorchError) -> Tensor {
        try x.unary("+") { ct_add_scalar($0, $1, y) }
    }
    public static func + (x: Double, y: Tensor) throws(TorchError) -> Tensor { try y + x }
    public static func - (x: Tensor, y: Double) throws(TorchError) -> Tensor { try x + -y }
    public static func - (x: Double, y: Tensor) throws(TorchError) -> Tensor {
        try y.unary("-") { ct_rsub_scalar($0, $1, x) }
    }
    public static func * (x: Tensor, y: Double) throws(TorchError) -> Tensor {
        try x.unary("*") { ct_mul_scalar($0, $1, y) }
    }
    public static func * (x: Double, y: Tensor) throws(TorchError) -> Tensor { try y * x }
    public static func / (x: Tensor, y: Double) throws(TorchError) -> Tensor { try x * (1 / y) }
    public static prefix func - (x: Tensor) throws(TorchError) -> Tensor { try x.unary("-", ct_neg) }

    public static func < (x: Tensor, y: Tensor) throws(TorchError) -> Tensor { try x.binary("<", y, ct_lt) }
    public static func > (x: Tensor, y: Tensor) throws(TorchError) -> Tensor { try x.binary(">", y, ct_gt) }
    public static func > (x: Tensor, y: Double) throws(TorchError) -> Tensor {
        try x.unary(">") { ct_gt_scalar($0, $1, y) }
    }
    /// Elementwise equality, as a tensor of booleans.
    public func isEqual(to other: Tensor) throws(TorchError) -> Tensor { try binary("isEqual", other, ct_eq) }

    public func minimum(_ other: Tensor) throws(TorchError) -> Tensor { try binary("minimum", other, ct_minimum) }
    public func maximum(_ other: Tensor) throws(TorchError) -> Tensor { try binary("maximum", other, ct_maximum) }
    public func matmul(_ other: Tensor) throws(TorchError) -> Tensor { try binary("matmul", other, ct_matmul) }
}

// MARK: - Elementwise functions

extension Tensor {
    public func abs() throws(TorchError) -> Tensor { try unary("abs", ct_abs) }
    public func exp() throws(TorchError) -> Tensor { try unary("exp", ct_exp) }
    public func log() throws(TorchError) -> Tensor { try unary("log", ct_log) }
    public func sqrt() throws(TorchError) -> Tensor { try unary("sqrt", ct_sqrt) }
    public func sin() throws(TorchError) -> Tensor { try unary("sin", ct_sin) }
    public func cos() throws(TorchError) -> Tensor { try unary("cos", ct_cos) }
    public func atan() throws(TorchError) -> Tensor { try unary("atan", ct_atan) }
    public func tanh() throws(TorchError) -> Tensor { try unary("tanh", ct_tanh) }
    public func sigmoid() throws(TorchError) -> Tensor { try unary("sigmoid", ct_sigmoid) }
    public func isFinite() throws(TorchError) -> Tensor { try unary("isFinite", ct_isfinite) }
    public func pow(_ exponent: Double) throws(TorchError) -> Tensor {
        try unary("pow") { ct_pow($0, $1, exponent) }
    }
    public func clamped(min: Double = -.infinity, max: Double = .infinity) throws(TorchError) -> Tensor {
        try unary("clamped") { ct_clamp($0, $1, min, max) }
    }
}

// MARK: - Reductions

extension Tensor {
    /// Over all axes where none are named.
    public func sum(axes: [Int] = [], keepingDimensions: Bool = false) throws(TorchError) -> Tensor {
        try unary("sum") { out, x in axes.lend { ct_sum(out, x, $0, keepingDimensions) } }
    }
    public func mean(axes: [Int] = [], keepingDimensions: Bool = false) throws(TorchError) -> Tensor {
        try unary("mean") { out, x in axes.lend { ct_mean(out, x, $0, keepingDimensions) } }
    }
    public func max(axes: [Int] = [], keepingDimensions: Bool = false) throws(TorchError) -> Tensor {
        try unary("max") { out, x in axes.lend { ct_amax(out, x, $0, keepingDimensions) } }
    }
    public func min(axes: [Int] = [], keepingDimensions: Bool = false) throws(TorchError) -> Tensor {
        try unary("min") { out, x in axes.lend { ct_amin(out, x, $0, keepingDimensions) } }
    }
    public func argmax(axis: Int) throws(TorchError) -> Tensor {
        try unary("argmax") { ct_argmax($0, $1, Int64(axis)) }
    }
    /// Whether all elements are true, as a tensor of one boolean.
    public func all() throws(TorchError) -> Tensor { try unary("all", ct_all) }
    /// The Euclidean norm of all elements.
    public func norm() throws(TorchError) -> Tensor { try unary("norm", ct_norm) }
    public func softmax(axis: Int) throws(TorchError) -> Tensor {
        try unary("softmax") { ct_softmax($0, $1, Int64(axis)) }
    }
}
