import Torch

extension Activation {
    /// What ``init(python:)`` takes, for messages.
    static let pythonNames =
        "nn.SiLU(), nn.ReLU(), nn.LeakyReLU(0.1), nn.Hardswish(), nn.Mish(), nn.Sigmoid(), nn.Identity()"

    /// The activation that a Python expression would make, such as `nn.LeakyReLU(0.1)`; nothing is evaluated.
    ///
    /// `inplace=…` says nothing about the result, and is passed over.
    init?(python expression: String) {
        var text = Substring(expression.filter { $0 != " " })
        for prefix in ["torch.", "nn."] where text.hasPrefix(prefix) { text = text.dropFirst(prefix.count) }
        guard text.hasSuffix(")"), let parenthesis = text.firstIndex(of: "(") else { return nil }
        let arguments = text[text.index(after: parenthesis)...].dropLast().split(separator: ",")
            .filter { !$0.hasPrefix("inplace=") && !["True", "False"].contains($0) }
        let name = text[..<parenthesis]
        if name == "LeakyReLU" {
            guard arguments.count <= 1 else { return nil }
            let slope = arguments.first.map { Double($0.replacing("negative_slope=", with: "")) }
            guard let slope = slope ?? 0.01, slope.isFinite else { return nil }
            self = .leakyReLU(slope: slope)
            return
        }
        guard arguments.isEmpty else { return nil }
        switch name {
        case "SiLU": self = .silu
        case "ReLU": self = .relu
        case "Hardswish": self = .hardswish
        case "Mish": self = .mish
        case "Sigmoid": self = .sigmoid
        case "Identity": self = .identity
        default: return nil
        }
    }
}
