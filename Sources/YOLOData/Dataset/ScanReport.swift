import Foundation

/// The problems of a split, for people: a summary with the first of them, and the whole list.
public struct ScanReport: Hashable, Sendable {
    /// Of the split ("train").
    public let name: String
    /// By image.
    public let problems: [DataProblem]

    public init(name: String, problems: [DataProblem]) {
        self.name = name
        self.problems = problems
    }

    /// How many of what, in the order of weight: "train: 3 rows with a negative value, 1 image that cannot be decoded".
    public var summary: String {
        var counts: [DataProblem.Kind: Int] = [:]
        for problem in problems { counts[problem.kind, default: 0] += 1 }
        return "\(name): " + DataProblem.Kind.allCases.compactMap { kind in counts[kind].map(kind.counted) }.joined(separator: ", ")
    }

    /// Lines for the console: the summary and the first problems. Empty when there is none.
    ///
    /// - Parameter file: That has all of them, for the user to look into.
    public func lines(first limit: Int = 5, allIn file: String? = nil) -> [String] {
        guard !problems.isEmpty else { return [] }
        let shown = problems.prefix(limit).map { "    \($0)" }
        let rest = "    and \(problems.count - limit) more" + (file.map { "; \($0) of the run has all" } ?? "")
        return [summary] + shown + (problems.count > limit ? [rest] : [])
    }

    /// Every problem, one a line, under the summary.
    public var text: String { ([summary] + problems.map { "\($0)" }).joined(separator: "\n") + "\n" }
}
