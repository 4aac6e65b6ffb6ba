import Foundation

/// The content of `evolve.json`: what `evolve.csv` has no column for.
///
/// Rows of the table are found again by their text. Python's trainer, or a bucket, can add rows that are not recorded here.
struct StudyRecord: Codable, Hashable {
    struct Entry: Codable, Hashable {
        let generation: Int
        let seed: UInt64
        /// Generations that the values are a mutation of; none where they come from the hyperparameter file.
        let parents: [Int]
        /// Why there are no results.
        let failure: String?
        /// The cells of the row, in the order of ``EvolutionTable/Row/cells``.
        let row: [String]
    }

    var rows: [Entry] = []
    /// Rows that the table may lack, for they are recorded first: a process can end between the two files.
    var pending: [Entry] = []

    /// The generation of each row: the recorded one, or else the lowest number that is free. So it is the row's own number for a
    /// table without records.
    func generations(of rows: [EvolutionTable.Row]) -> [Int] {
        var entries = Dictionary(grouping: self.rows, by: \.row)
        let recorded = rows.map { row -> Int? in
            guard let entry = entries[row.cells]?.first else { return nil }
            entries[row.cells]?.removeFirst()
            return entry.generation
        }
        var free = Self.numbers(notIn: Set(recorded.compactMap(\.self))).makeIterator()
        return recorded.map { $0 ?? free.next() ?? 0 }
    }

    /// Rows of the table that no entry stands for.
    func unrecorded(_ rows: [EvolutionTable.Row]) -> [EvolutionTable.Row] {
        var entries = Dictionary(grouping: self.rows, by: \.row).mapValues(\.count)
        return rows.filter { row in
            entries[row.cells, default: 0] -= 1
            return entries[row.cells, default: 0] < 0
        }
    }

    private static func numbers(notIn taken: Set<Int>) -> some Sequence<Int> {
        (0...).lazy.filter { !taken.contains($0) }
    }

    init() {}

    init(json: Data) throws { self = try JSONDecoder().decode(StudyRecord.self, from: json) }

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return try [UInt8](encoder.encode(self)) + Array("\n".utf8)
        }
    }
}
