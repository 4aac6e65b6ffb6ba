package import Foundation

extension Evolution {
    /// An evolution of hyperparameters as a file gives them.
    ///
    /// `anchors` evolves too, beginning with 3 where the file leaves it out; not where the model keeps its anchors. Keys of ours
    /// do not evolve; all trainings have them as they are given.
    /// - Parameter keepsAnchors: `--noautoanchor`.
    package init(
        folder: URL, hyperparameters: Hyperparameters, keepsAnchors: Bool, seed: UInt64, selection: ParentSelection = .single,
        bucket: Bucket? = nil
    ) {
        let space = SearchSpace(anchors: !keepsAnchors)
        let evolving = Set(SearchSpace().variables.map(\.name))
        let usual = Dictionary(uniqueKeysWithValues: Hyperparameters().entries.map { ($0.name, $0.value) })
        let entries = hyperparameters.entries
        self.init(
            folder: folder, space: space, values: Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.value) }),
            carried: entries.filter { !evolving.contains($0.name) && $0.value != usual[$0.name] }, seed: seed, selection: selection,
            bucket: bucket)
    }
}

extension Hyperparameters {
    /// These with the values of a generation. Without a value `anchors` is left out: the model keeps its own.
    package func evolved(_ values: [String: Double]) -> Hyperparameters {
        var evolved = self
        evolved.anchorsPerLevel = 0
        for key in Self.keys {
            if let value = values[key.name] { evolved[keyPath: key.property] = value }
        }
        return evolved
    }
}
