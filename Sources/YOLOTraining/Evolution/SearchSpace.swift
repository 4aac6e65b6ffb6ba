import Foundation

/// The hyperparameters that an evolution changes, with how much and within which limits.
///
/// - Source: YOLOv5 v6.2, `train.py`, the metadata of `--evolve`.
package struct SearchSpace: Sendable, Hashable {
    package struct Variable: Sendable, Hashable {
        /// The key in a hyperparameter file.
        package let name: String
        /// How strongly it mutates; 0 for never.
        package let gain: Double
        package let limits: ClosedRange<Double>

        init(_ name: String, gain: Double = 1, _ limits: ClosedRange<Double>) {
            (self.name, self.gain, self.limits) = (name, gain, limits)
        }
    }

    /// In the order that random numbers are drawn in.
    package let variables: [Variable]

    /// - Parameter anchors: whether the number of anchors evolves too; not with `--noautoanchor`, which would not read it.
    package init(anchors: Bool = true) {
        variables = Self.all.filter { anchors || $0.name != Self.anchors }
    }

    /// The key that files may leave out.
    static let anchors = "anchors"
    /// What `anchors` begins with where the file leaves it out.
    static let defaultAnchors = 3.0

    private static let all = [
        Variable("lr0", 1e-5...0.1),
        Variable("lrf", 0.01...1),
        Variable("momentum", gain: 0.3, 0.6...0.98),
        Variable("weight_decay", 0...0.001),
        Variable("warmup_epochs", 0...5),
        Variable("warmup_momentum", 0...0.95),
        Variable("warmup_bias_lr", 0...0.2),
        Variable("box", 0.02...0.2),
        Variable("cls", 0.2...4),
        Variable("cls_pw", 0.5...2),
        Variable("obj", 0.2...4),
        Variable("obj_pw", 0.5...2),
        Variable("iou_t", gain: 0, 0.1...0.7),
        Variable("anchor_t", 2...8),
        Variable("fl_gamma", gain: 0, 0...2),
        Variable("hsv_h", 0...0.1),
        Variable("hsv_s", 0...0.9),
        Variable("hsv_v", 0...0.9),
        Variable("degrees", 0...45),
        Variable("translate", 0...0.9),
        Variable("scale", 0...0.9),
        Variable("shear", 0...10),
        Variable("perspective", gain: 0, 0...0.001),
        Variable("flipud", 0...1),
        Variable("fliplr", gain: 0, 0...1),
        Variable("mosaic", 0...1),
        Variable("mixup", 0...1),
        Variable("copy_paste", 0...1),
        // Last, where the reference puts it behind the keys of a file that leaves it out.
        Variable(anchors, gain: 2, 2...10),
    ]
}

extension SearchSpace {
    /// Values of the variables, in their order: what `values` has of them, put within the limits.
    func start(from values: [String: Double]) -> [Double] {
        constrained(variables.map { values[$0.name] ?? ($0.name == Self.anchors ? Self.defaultAnchors : $0.limits.lowerBound) })
    }

    /// The values within their limits, rounded to five decimals.
    func constrained(_ values: [Double]) -> [Double] {
        zip(variables, values).map { variable, value in
            let limited = min(max(value, variable.limits.lowerBound), variable.limits.upperBound)
            return Double(String(format: "%.5f", limited)) ?? limited
        }
    }

    /// The values by name.
    func named(_ values: [Double]) -> [String: Double] {
        Dictionary(uniqueKeysWithValues: zip(variables.map(\.name), values))
    }
}
