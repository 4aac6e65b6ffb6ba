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
    public var lines: [String] { splits.map(\.description) + changes }

    public var description: String { lines.joined(separator: "\n") }
}

extension ConversionReport.Split: CustomStringConvertible {
    /// "train2017: 2 images, 3 objects; 1 image without objects has no label file"
    public var description: String {
        func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
        let background = images - labeledImages
        return "\(name): \(counted(images, "image")), \(counted(objects, "object"))"
            + (background > 0 ? "; \(counted(background, "image")) without objects \(background == 1 ? "has" : "have") no label file" : "")
    }
}
