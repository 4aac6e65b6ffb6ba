import Torch
import YOLOModel

/// Rows of the network whose weights stay as they are (`--freeze`); their batch statistics still move.
public enum FrozenRows: Hashable, Sendable {
    /// So many rows from the start: 10 for YOLOv5's backbone, 0 for none.
    case first(Int)
    /// These rows, counted from 0 as in the model's YAML.
    case rows([Int])

    /// As the flag and `opt.yaml` give them: one number means so many rows from the start, several mean those rows.
    public init(flag numbers: [Int]) {
        self = numbers.count > 1 ? .rows(numbers) : .first(numbers.first ?? 0)
    }

    /// What the flag takes for these rows.
    public var flag: [Int] {
        switch self {
        case .first(let count): [count]
        case .rows(let rows) where rows.isEmpty: [0]
        // A single number would mean something else.
        case .rows(let rows): rows.count == 1 ? rows + rows : rows
        }
    }

    /// Freezes the rows of a network.
    /// - Returns: what was done, in words; empty where nothing was.
    /// - Throws: `TrainingError.invalidOption` for rows that the network lacks, and when nothing is left to learn.
    func freeze(_ model: DetectionModel) throws -> String {
        let last = model.rowCount - 1
        let rows: [Int]
        switch self {
        case .first(let count):
            guard (0...model.rowCount).contains(count) else { throw invalid(in: model, found: "\(count)") }
            rows = Array(0..<count)
        case .rows(let list):
            if let row = list.first(where: { !(0...last).contains($0) }) { throw invalid(in: model, found: "row \(row)") }
            rows = Set(list).sorted()
        }
        guard !rows.isEmpty else { return "" }
        try model.freeze(rows: rows)
        guard model.parameters().contains(where: \.requiresGradient) else {
            throw invalid(in: model, found: "\(flag.map(String.init).joined(separator: " ")), which leaves no weights to train")
        }
        let names = rows == Array(0..<rows.count) && rows.count > 1
            ? "rows 0 to \(rows.count - 1)" : "rows \(rows.map(String.init).joined(separator: ", "))"
        return "Frozen: \(names)"
    }

    private func invalid(in model: DetectionModel, found: String) -> TrainingError {
        let last = model.rowCount - 1
        return .invalidOption(
            "--freeze", found: found,
            expected: """
                a number of rows below \(model.rowCount), or several of the rows 0 (\(model.kind(ofRow: 0))) to \
                \(last) (\(model.kind(ofRow: last))) of \(model.configuration.displayName)
                """)
    }
}
