/// What a conversion wrote, left out and found wrong.
public struct ConversionReport: Sendable {
    public struct Split: Hashable, Sendable {
        /// The folder below `images` and `labels`.
        public let name: String
        /// The file or folder of annotations that it comes from.
        public let source: String
        public internal(set) var images = 0
        /// Images with at least one object: those that have a label file.
        public internal(set) var labeledImages = 0
        public internal(set) var objects = 0
    }

    /// The data set's YAML, ready for `--data`.
    public let yaml: String
    /// By class number.
    public let names: [String]
    public let splits: [Split]
    /// "3 crowd annotations left out", … in a fixed order; empty if everything was kept as it was.
    public let changes: [String]
    /// The first problems of each split, with their files and places.
    public let problems: [String]
    /// All problems, also those that `problems` does not name.
    public let problemCount: Int
    /// What the user should know of the whole.
    public internal(set) var notes: [String]

    init(yaml: String, names: [String], splits: [Split], tallies: [ConversionTally], notes: [String]) {
        (self.yaml, self.names, self.splits, self.notes) = (yaml, names, splits, notes)
        var total = ConversionTally()
        for tally in tallies { total.add(tally) }
        changes = ConversionTally.Reason.allCases.filter { total[$0] > 0 }.map { $0.text(total[$0]) }
        problems = tallies.flatMap(\.problems)
        problemCount = total.problemCount
    }

    public var imageCount: Int { splits.reduce(0) { $0 + $1.images } }
    public var objectCount: Int { splits.reduce(0) { $0 + $1.objects } }
}

extension ConversionReport: CustomStringConvertible {
    /// One line a split, then what was changed.
    public var description: String {
        var lines = splits.map { split in
            let background = split.images - split.labeledImages
            return "\(split.name): \(split.images) images, \(split.objects) objects"
                + (background > 0 ? "; \(background) images without objects have no label file" : "")
        }
        lines += changes
        return lines.joined(separator: "\n")
    }
}
