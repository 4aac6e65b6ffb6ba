import Foundation
import PrintableText
import PyTorchFile

/// What a checkpoint holds, in lines for a person.
public struct CheckpointReport: CustomStringConvertible {
    private let checkpoint: Checkpoint

    public init(_ checkpoint: Checkpoint) { self.checkpoint = checkpoint }

    /// Facts first, then every tensor with its type and shape.
    public var description: String {
        var lines = [kind]
        lines += facts.map { "  " + ($0.name + ":").rightPadded(to: 15) + $0.value }
        if !options.isEmpty { lines += ["  opt:"] + options.map { "    " + ($0.name + ":").rightPadded(to: 18) + $0.value } }
        lines += ["  tensors:"] + tensors
        return lines.map { $0.printable(longest: 30_000) }.joined(separator: "\n")
    }

    private typealias Fact = (name: String, value: String)

    private var kind: String {
        let name = checkpoint.configuration?.displayName ?? "weights without a model's description"
        let state =
            checkpoint.optimizer != nil
            ? "a training \(place), to be resumed" : checkpoint.isBare ? "weights" : "a finished model"
        return "\(checkpoint.path): \(name), \(state)"
    }

    /// How far a training is.
    private var place: String {
        let batches = checkpoint.trainingState["batch"]?.int ?? 0
        return batches > 0 ? "in epoch \(checkpoint.epoch + 1) after \(batches) batches" : "after epoch \(checkpoint.epoch)"
    }

    private var facts: [Fact] {
        var facts: [Fact] = [
            ("epoch", checkpoint.epoch < 0 && checkpoint.optimizer == nil ? "\(checkpoint.epoch) (no training under way)" : "\(checkpoint.epoch)"),
            ("best_fitness", checkpoint.bestFitness.map { String(format: "%.5f", $0) } ?? Self.nothing),
            ("model", Self.summary(checkpoint.model)), ("ema", Self.summary(checkpoint.averaged)),
            ("updates", checkpoint.averageUpdates.map(String.init) ?? Self.nothing), ("optimizer", optimizer),
        ]
        if let configuration = checkpoint.configuration {
            facts.append(("yaml", "\(configuration.source), \(configuration.rows.count) rows"))
        }
        facts.append(("classes", classes))
        if !checkpoint.strides.isEmpty {
            let strides = checkpoint.strides.map { Int(exactly: $0).map(String.init) ?? "\($0)" }
            facts.append(("strides", strides.joined(separator: ", ")))
        }
        facts.append(("date", checkpoint.date ?? Self.nothing))
        if !checkpoint.trainingState.isNone {
            facts.append((Checkpoint.trainingStateKey, Self.text(checkpoint.trainingState)))
        }
        facts += checkpoint.otherEntries.map { ($0.key, Self.text($0.value)) }
        return facts
    }

    private static let nothing = "none"

    private static func summary(_ model: StoredModel?) -> String {
        guard let model else { return nothing }
        let parameters = model.state.entries.filter { !$0.tensor.isBuffer(named: $0.name) }
        let count = parameters.reduce(0) { $0 + $1.tensor.count }
        let types = Set(parameters.map(\.tensor.dtype.description)).sorted().joined(separator: ", ")
        let form = model.module.map { "\($0.type)" } ?? "a dictionary of tensors"
        return "\(form), \(model.state.count) tensors, \(count) parameters, \(types)"
    }

    private var optimizer: String {
        guard let optimizer = checkpoint.optimizer else { return Self.nothing }
        let sizes = optimizer.groups.map { "\($0.parameters.count)" }.joined(separator: ", ")
        let names = Set(optimizer.memory.values.joined().map(\.name)).sorted().joined(separator: ", ")
        return "groups of \(sizes) parameters" + (names.isEmpty ? "" : "; remembers \(names)")
    }

    private var classes: String {
        let names = checkpoint.classNames
        guard !names.isEmpty else { return Self.nothing }
        var line = ValueLine(limit: 20_000)
        for (index, name) in names.enumerated() { line.append(.string(index == 0 ? name : ", " + name)) }
        return "\(names.count): \(line.text)"
    }

    private var options: [Fact] {
        (checkpoint.options.dictionary?.entries ?? []).compactMap { key, value in
            key.string.map { ($0, Self.text(value)) }
        }
    }

    private var tensors: [String] {
        let entries = (checkpoint.averaged ?? checkpoint.model)?.state.entries ?? []
        let width = entries.reduce(0) { max($0, $1.name.count) }
        return entries.map { name, tensor in
            "    " + name.rightPadded(to: width) + "  " + tensor.dtype.description.rightPadded(to: 9) + "\(tensor.shape)"
        }
    }

    /// A plain value on one line.
    private static func text(_ value: PickleValue) -> String {
        var line = ValueLine()
        line.append(value)
        return line.text
    }
}

/// The beginning of a plain value in words. A hostile file's small value can stand for endless text, so there is an end.
private struct ValueLine {
    private(set) var text = ""
    /// Bytes that may still come.
    private var remaining: Int

    init(limit: Int = 2000) { remaining = limit }

    mutating func append(_ value: PickleValue) {
        switch value {
        case .none: add("none")
        case .bool(let value): add(value ? "true" : "false")
        case .int(let value): add(String(value))
        case .double(let value): add(String(value))
        case .string(let value): add(value.isEmpty ? "''" : value)
        case .list(let elements), .tuple(let elements):
            add("[")
            appendAll(elements, separator: ", ") { line, element in line.append(element) }
            add("]")
        case .dictionary(let dictionary):
            appendAll(dictionary.entries, separator: ", ") { line, entry in
                line.append(entry.key)
                line.add(" ")
                line.append(entry.value)
            }
        default: add(value.kind)
        }
    }

    private mutating func appendAll<Element>(
        _ elements: [Element], separator: String, _ append: (inout ValueLine, Element) -> Void
    ) {
        for (index, element) in elements.enumerated() {
            guard remaining > 0 else { return }
            if index > 0 { add(separator) }
            append(&self, element)
        }
    }

    private mutating func add(_ part: String) {
        guard remaining > 0 else { return }
        let bytes = part.utf8
        if bytes.count < remaining {
            text += part
        } else {
            text += String(decoding: bytes.prefix(remaining), as: UTF8.self) + "…"
        }
        // An empty part counts too: nested empty lists would never end.
        remaining -= max(bytes.count, 1)
    }
}

extension TensorValue {
    /// Whether a tensor of this name is a statistic or an anchor; a dictionary of tensors does not say it otherwise.
    fileprivate func isBuffer(named name: String) -> Bool {
        if isParameter { return false }
        let last = name.split(separator: ".").last ?? ""
        return ["running_mean", "running_var", "num_batches_tracked", "anchors", "anchor_grid"].contains(last)
    }
}
