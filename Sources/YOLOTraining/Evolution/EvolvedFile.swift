import Foundation

/// The text of `hyp_evolve.yaml`: the best hyperparameters so far, ready for `--hyp`, under comments that say how good they are.
///
/// - Source: YOLOv5 v6.2, `utils/general.py`, `print_mutation`.
enum EvolvedFile {
    /// - Parameters:
    ///   - generations: the generation of each row.
    ///   - carried: further keys that every training had.
    /// - Returns: nil while no row is usable.
    static func text(_ table: EvolutionTable, generations: [Int], carried: [(name: String, value: Double)]) -> String? {
        guard let best = ParentSelection.ranking(of: table.rows).first else { return nil }
        let row = table.rows[best]
        func line(_ cells: [String]) -> String { "# " + cells.map(EvolutionTable.aligned).joined(separator: ", ") }
        let lines = [
            "# YOLOv5 Hyperparameter Evolution Results",
            "# Best generation: \(generations[best])",
            "# Last generation: \(generations.max() ?? 0)",
            line(EvolutionResult.columns),
            line(Array(row.cells.prefix(EvolutionResult.columns.count))),
            "",
        ]
        let values = table.variables.map { ($0.name, row.values[$0.index]) } + carried.map { ($0.name, $0.value) }
        return (lines + values.map { "\($0): \(YAMLNumber.text($1))" }).joined(separator: "\n") + "\n"
    }
}
