import Torch

/// The rows that make a ``C3`` of some sort.
enum C3Kinds {
    static let all = [bottlenecks, crossed, transformer, pooling, ghost]
    /// Of every `C3TR`.
    static let headCount = 4

    /// What all of them take.
    private struct Arguments {
        let inChannels: Int
        let outChannels: Int
        let shortcut: Bool
        let groups: Int
        let expansion: Double
        /// Channels of either branch.
        var hidden: Int { hiddenChannels(of: outChannels, expansion: expansion) }

        init(_ row: LayerRow) throws(ModelError) {
            inChannels = try row.inputChannels
            outChannels = try row.outputChannels
            shortcut = try row.boolean("shortcut", default: true)
            expansion = try row.expansion(outChannels)
            let hidden = hiddenChannels(of: outChannels, expansion: expansion)
            groups = try row.groups(hidden, hidden)
        }
    }

    private static func kind(
        _ name: String, make: @escaping @Sendable (LayerRow, Arguments) throws(ModelError) -> any ModelLayer
    ) -> LayerKind {
        LayerKind(
            name, parameters: ["channels", "shortcut", "groups", "expansion"], required: 1, repeatsInside: true
        ) { row throws(ModelError) in try make(row, Arguments(row)) }
    }

    private static let bottlenecks = kind("C3") { row, arguments throws(ModelError) in
        try row.making { () throws(TorchError) in
            try C3(
                arguments.inChannels, arguments.outChannels, repeats: row.repeats, shortcut: arguments.shortcut,
                groups: arguments.groups, expansion: arguments.expansion, activation: row.activation)
        }
    }

    private static let crossed = kind("C3x") { row, arguments throws(ModelError) in
        try row.making { () throws(TorchError) in
            try C3(
                crossed: arguments.inChannels, arguments.outChannels, repeats: row.repeats, shortcut: arguments.shortcut,
                groups: arguments.groups, expansion: arguments.expansion, activation: row.activation)
        }
    }

    private static let transformer = kind("C3TR") { row, arguments throws(ModelError) in
        guard arguments.hidden.isMultiple(of: headCount) else {
            throw row.fault("the \(arguments.hidden) channels inside must be a multiple of the \(headCount) heads")
        }
        return try row.making { () throws(TorchError) in
            try C3(
                transformer: arguments.inChannels, arguments.outChannels, repeats: row.repeats,
                expansion: arguments.expansion, activation: row.activation)
        }
    }

    private static let ghost = kind("C3Ghost") { row, arguments throws(ModelError) in
        guard arguments.hidden.isMultiple(of: 4) else {
            throw row.fault("the \(arguments.hidden) channels inside must be a multiple of 4")
        }
        return try row.making { () throws(TorchError) in
            try C3(
                ghost: arguments.inChannels, arguments.outChannels, repeats: row.repeats, expansion: arguments.expansion,
                activation: row.activation)
        }
    }

    /// The only one that does not repeat its inside.
    private static let pooling = LayerKind(
        "C3SPP", parameters: ["channels", "kernel sizes", "repeats", "shortcut", "groups", "expansion"], required: 1
    ) { row throws(ModelError) in
        // The reference takes these three and has no use for them.
        _ = try row.integer("repeats", default: 1)
        let arguments = try Arguments(row)
        let kernelSizes = try row.oddKernelSizes(default: SPP.defaultKernelSizes)
        guard arguments.hidden >= 2 else { throw row.fault("needs two channels inside, found \(arguments.hidden)") }
        return try row.making { () throws(TorchError) in
            try C3(
                pooling: arguments.inChannels, arguments.outChannels, kernelSizes: kernelSizes,
                expansion: arguments.expansion, activation: row.activation)
        }
    }
}
