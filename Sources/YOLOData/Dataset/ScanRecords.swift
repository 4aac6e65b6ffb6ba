/// What a scan has found about every image of a split, those that cannot be used included; what a label cache keeps.
struct ScanRecords: Hashable, Sendable {
    /// Of one image: the files as they were, and what became of it.
    struct Entry: Hashable, Sendable {
        var imageStamp: FileStamp
        /// nil where there was no label file, or it was not read.
        var labelStamp: FileStamp?
        var labelHash: UInt64
        var labels: ImageCheck.Labels
        var isUsable: Bool
    }

    /// A problem and the number of its image.
    struct Remark: Hashable, Sendable {
        var image: Int
        var problem: DataProblem
    }

    private(set) var arena = LabelArena()
    private(set) var entries: [Entry] = []
    /// By image.
    private(set) var remarks: [Remark] = []

    init() {}

    /// What was read from a cache. The parts fit together.
    init(arena: LabelArena, entries: [Entry], remarks: [Remark]) {
        (self.arena, self.entries, self.remarks) = (arena, entries, remarks)
    }

    var count: Int { entries.count }

    mutating func append(_ check: ImageCheck, imageStamp: FileStamp) {
        remarks += check.problems.map { Remark(image: count, problem: $0) }
        entries.append(Entry(
            imageStamp: imageStamp, labelStamp: check.labelStamp, labelHash: check.labelHash, labels: check.labels,
            isUsable: check.isUsable))
        arena.append(path: check.path, width: check.width, height: check.height, objects: check.objects)
    }

    /// Takes over image number `image` of other records, whose files have been found to be the same.
    /// - Parameter remarks: those of the image.
    mutating func append(
        _ image: Int, of other: ScanRecords, remarks: some Sequence<Remark>, imageStamp: FileStamp, labelStamp: FileStamp?
    ) {
        self.remarks += remarks.map { Remark(image: count, problem: $0.problem) }
        var entry = other.entries[image]
        (entry.imageStamp, entry.labelStamp) = (imageStamp, labelStamp)
        entries.append(entry)
        let (width, height) = other.arena.size(image)
        arena.append(path: other.arena.path(image), width: width, height: height, objects: other.arena.objects(image))
    }
}
