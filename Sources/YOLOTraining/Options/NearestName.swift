/// Finds what somebody who misspelt a name most likely meant.
package enum NearestName {
    /// The candidate with the fewest edits from `name`, if it is close enough to be a likely slip: at most a third of its letters.
    package static func of(_ name: String, among candidates: [String]) -> String? {
        let ranked = candidates.map { (name: $0, edits: edits(from: name, to: $0)) }
        guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(name.count, best.name.count) / 3 + 1 ? best.name : nil
    }

    /// Levenshtein distance: insertions, deletions and replacements of one character.
    static func edits(from source: String, to target: String) -> Int {
        let source = Array(source), target = Array(target)
        var row = Array(0...target.count)
        for (i, left) in source.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, right) in target.enumerated() {
                let substitution = diagonal + (left == right ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, diagonal + 1, row[j] + 1)
            }
        }
        return row[target.count]
    }
}
