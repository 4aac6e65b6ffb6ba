import Foundation

/// The content of `evolve.csv`: a row for each training, with its results and the hyperparameters that they come from.
///
/// The layout is the reference's, so either program goes on with a file of the other's. Columns are told by their names; a file
/// keeps the order that it has.
/// - Source: YOLOv5 v6.2, `utils/general.py`, `print_mutation`.
package struct EvolutionTable: Sendable, Hashable {
    package struct Row: Sendable, Hashable {
        /// As in the file, in the order of ``EvolutionResult/columns`` and ``SearchSpace/variables``.
        let cells: [String]
        private let numbers: [Double]

        package var result: EvolutionResult { EvolutionResult(numbers) }
        /// Of the variables, in their order.
        package var values: [Double] { Array(numbers.dropFirst(EvolutionResult.columns.count)) }
        /// Python's trainer writes down results that are not finite; nothing can be learnt from them.
        package var isFinite: Bool { numbers.allSatisfy(\.isFinite) }

        /// - Returns: nil where a cell is no number.
        fileprivate init?(_ cells: [String]) {
            let numbers = cells.compactMap(Double.init)
            guard numbers.count == cells.count else { return nil }
            (self.cells, self.numbers) = (cells, numbers)
        }

        /// What the file will hold: five digits.
        init(_ result: EvolutionResult, _ values: [Double]) {
            cells = (result.numbers + values).map(EvolutionTable.text)
            numbers = cells.map { Double($0) ?? .nan }
        }
    }

    var rows: [Row] = []
    /// A last line that was cut off was left out.
    private(set) var lacksBrokenLine = false
    /// Names of the columns, in the order of ``Row/cells``.
    private let names: [String]
    /// For each column of the file its place among the names.
    private var order: [Int]

    private static let width = 20

    /// Without rows.
    init(_ space: SearchSpace) {
        names = EvolutionResult.columns + space.variables.map(\.name)
        order = Array(names.indices)
    }

    /// Reads a file's text; an empty one has no rows.
    /// - Throws: `TrainingError.unreadable` for other columns than those of the space, and for a line, other than the last, that is
    ///   no row.
    package init(_ text: String, file: String, _ space: SearchSpace) throws(TrainingError) {
        self.init(space)
        let isTerminated = text.last?.isNewline ?? true
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
            .map { (number: $0.offset + 1, text: $0.element) }
            .filter { !$0.text.allSatisfy(\.isWhitespace) }
        guard let header = lines.first else { return }
        guard lines.count > 1 || isTerminated else {
            lacksBrokenLine = true
            return
        }
        order = try order(ofColumns: Self.cells(header.text), file: file)
        for line in lines.dropFirst() {
            let isLast = line.number == lines.last?.number
            // A number that was cut off can look like another one, but it is narrower than its column.
            let isWhole = !isLast || isTerminated || (line.text.split(separator: ",").last ?? "").count >= Self.width
            let cells = Self.cells(line.text)
            if isWhole, cells.count == names.count, let row = Row(canonical(cells)) {
                rows.append(row)
            } else if isLast {
                lacksBrokenLine = true
            } else {
                let found = cells.count == names.count ? "holds what is no number" : "has \(cells.count) columns instead of \(names.count)"
                throw .unreadable(path: file, reason: "line \(line.number) \(found); correct or delete it")
            }
        }
    }

    /// - Parameter file: where the cells come from, in the order of ``Row/cells``.
    mutating func append(_ cells: [String], from file: String) throws(TrainingError) {
        guard cells.count == names.count, let row = Row(cells) else {
            throw .unreadable(path: file, reason: "it holds a row of an evolution with other columns; take another folder")
        }
        rows.append(row)
    }

    /// The file's text.
    package var text: String {
        let lines = [names] + rows.map(\.cells)
        return lines.map { cells in order.map { Self.aligned(cells[$0]) }.joined(separator: ",") + "\n" }.joined()
    }

    /// The hyperparameters' names in the order of the file, each with its place in ``Row/values``.
    var variables: [(name: String, index: Int)] {
        let first = EvolutionResult.columns.count
        return order.filter { $0 >= first }.map { (names[$0], $0 - first) }
    }

    /// A number as the file holds it.
    static func text(_ number: Double) -> String { String(format: "%.5g", number) }

    static func aligned(_ text: String) -> String { String(repeating: " ", count: max(width - text.count, 0)) + text }

    private static func cells(_ line: Substring) -> [String] {
        line.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// Cells of a line in the order of the names.
    private func canonical(_ cells: [String]) -> [String] {
        var sorted = cells
        for (column, place) in order.enumerated() { sorted[place] = cells[column] }
        return sorted
    }

    private func order(ofColumns columns: [String], file: String) throws(TrainingError) -> [Int] {
        func list(_ names: [String]) -> String { names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "") }
        let missing = names.filter { !columns.contains($0) }
        let foreign = columns.filter { !names.contains($0) }
        guard missing.isEmpty, columns.count == names.count else {
            let differences = [
                missing.isEmpty ? nil : "it lacks the columns \(list(missing))",
                foreign.isEmpty ? nil : "it has the columns \(list(foreign)), which do not evolve here",
                missing.isEmpty && foreign.isEmpty ? "it has a column twice" : nil,
            ]
            let isAboutAnchors = (missing + foreign) == [SearchSpace.anchors]
            throw .unreadable(
                path: file,
                reason: differences.compactMap(\.self).joined(separator: " and ")
                    + (isAboutAnchors ? "; go on with --noautoanchor as it began, or take another folder" : "; take another folder"))
        }
        return columns.compactMap { names.firstIndex(of: $0) }
    }
}
