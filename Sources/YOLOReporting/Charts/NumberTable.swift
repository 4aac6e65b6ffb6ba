package import Foundation

/// The numbers of a CSV file with a header, such as `results.csv` and `evolve.csv`, of this program or of the Python system.
package struct NumberTable: Sendable, Hashable {
    /// Without the blanks that pad them.
    package let columns: [String]
    /// Each as long as `columns`; what is missing or no number is NaN.
    package let rows: [[Double]]

    package init(columns: [String], rows: [[Double]]) {
        self.columns = columns
        self.rows = rows.map { row in columns.indices.map { $0 < row.count ? row[$0] : .nan } }
    }

    /// - Parameter csv: the text of the file. Names of classes in the header may hold commas; such columns come last.
    package init(csv: String) {
        let lines = csv.split(whereSeparator: \.isNewline).map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        }
        self.init(columns: lines.first ?? [], rows: lines.dropFirst().map { $0.map { Double($0) ?? .nan } })
    }

    /// - Throws: what Foundation says when the file cannot be read.
    package init(contentsOf url: URL) throws {
        self.init(csv: String(decoding: try Data(contentsOf: url), as: UTF8.self))
    }

    /// The values of the first column of that name; NaN in every row if there is none.
    package subscript(column: String) -> [Double] {
        guard let index = columns.firstIndex(of: column) else { return rows.map { _ in .nan } }
        return rows.map { $0[index] }
    }
}
