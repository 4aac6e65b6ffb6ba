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

    /// The problems of an image. They are sorted by image; the first one is found by halving.
    func remarks(ofImage image: Int) -> ArraySlice<Remark> {
        var (low, high) = (0, remarks.count)
        while low < high {
            let middle = (low + high) / 2
            if remarks[middle].image < image { low = middle + 1 } else { high = middle }
        }
        return remarks[low...].prefix { $0.image == image }
    }

    /// Takes over image number `image` of other records, whose files have been found to be the same.
    mutating func append(_ image: Int, of other: ScanRecords, imageStamp: FileStamp, labelStamp: FileStamp?) {
        remarks += other.remarks(ofImage: image).map { Remark(image: count, problem: $0.problem) }
        var entry = other.entries[image]
        (entry.imageStamp, entry.labelStamp) = (imageStamp, labelStamp)
        entries.append(entry)
        let (width, height) = other.arena.size(image)
        arena.append(path: other.arena.path(image), width: width, height: height, objects: other.arena.objects(image))
    }
}
