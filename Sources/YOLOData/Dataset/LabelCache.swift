import Detection
import Downloads
import Foundation

/// The file that remembers what a scan has found, so that the next start reads no label and no image.
///
/// Layout, little-endian: `magic`, the key of the scan, when it began (nanoseconds since 1970), then sections of a count and
/// as many elements, and at the end a hash of everything before. A file that is damaged, of another version or of another key
/// is as good as none; whatever it says is checked before it is believed.
struct LabelCache {
    /// Names the format and its version.
    private static let magic: UInt64 = 0x0001_4C42_4C35_5659  // "YV5LBL", 1

    let records: ScanRecords
    /// When the scan began, in nanoseconds since 1970.
    let time: Int64

    /// Where a cache may lie, the first choice first.
    ///
    /// The name holds a fingerprint of the sources: splits that share a folder of labels have caches of their own.
    static func places(for sources: [String], firstLabel: String) -> [String] {
        var sourcesHash = ContentHash()
        for source in sources {
            let path = URL(fileURLWithPath: source).standardizedFileURL.path
            Array(path.utf8).withUnsafeBytes { sourcesHash.add($0) }
        }
        let folder = firstLabel.parentFolder
        let name = "\(folder.lastPart)-\(String(format: "%08x", UInt32(truncatingIfNeeded: sourcesHash.value)))"
        let beside = folder.parentFolder.isEmpty ? "." : folder.parentFolder
        var places = ["\(CacheFolder.labels)/\(name)-\(String(format: "%016x", sourcesHash.value)).labelcache"]
        if CacheFolder.mayWrite(to: beside) { places.insert("\(beside)/\(name).labelcache", at: 0) }
        return places
    }

    /// Reads a cache; nil if there is none that can be used.
    ///
    /// - Parameter classCount: Classes of the data set; nil accepts any class.
    static func read(_ path: String, key: UInt64, classCount: Int?) -> LabelCache? {
        guard var reader = SectionReader(path), reader.word() == magic, reader.word() == key,
            let time = reader.word().flatMap(Int64.init(exactly:)), let records = try? ScanRecords(&reader), reader.endsWithItsHash(),
            classCount.map({ count in records.arena.classes.allSatisfy { $0 < count } }) ?? true
        else { return nil }
        return LabelCache(records: records, time: time)
    }

    /// Writes the cache under a temporary name first, so that no other process ever sees half of it.
    func write(to path: String, key: UInt64) throws {
        var writer = SectionWriter()
        writer.add(word: Self.magic)
        writer.add(word: key)
        writer.add(word: UInt64(bitPattern: time))
        records.write(to: &writer)
        try FileManager.default.createDirectory(atPath: path.parentFolder, withIntermediateDirectories: true)
        try Data(writer.finished()).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}

// MARK: - Sections

extension ScanRecords {
    fileprivate func write(to writer: inout SectionWriter) {
        writer.add(arena.pathBytes)
        writer.add(arena.pathEnds)
        writer.add(arena.sizes)
        writer.add(arena.objectEnds)
        writer.add(arena.classes)
        writer.add(arena.boxes)
        writer.add(arena.pointEnds)
        writer.add(arena.points)
        writer.add(entries.flatMap { entry in
            [entry.imageStamp.size, entry.imageStamp.time, entry.labelStamp?.size ?? -1, entry.labelStamp?.time ?? 0]
        })
        writer.add(entries.map(\.labelHash))
        writer.add(entries.map { $0.labels.rawValue | ($0.isUsable ? 0x80 : 0) })
        writer.add(remarks.flatMap { [Int32($0.image), Int32($0.problem.kind.rawValue), Int32(clamping: $0.problem.line ?? 0)] })
        writer.add(remarks.flatMap { Array($0.problem.file.utf8) + [0] + Array($0.problem.message.utf8) + [0] })
    }

    /// Says that a file cannot be what it claims to be.
    private struct Damaged: Error {}

    fileprivate init(_ reader: inout SectionReader) throws {
        func checked(_ condition: Bool) throws { guard condition else { throw Damaged() } }
        func section<Element: BitwiseCopyable>(_ type: Element.Type) throws -> [Element] {
            guard let elements = reader.section(of: type) else { throw Damaged() }
            return elements
        }
        var arena = LabelArena()
        arena.pathBytes = try section(UInt8.self)
        arena.pathEnds = try section(Int.self)
        arena.sizes = try section(SIMD2<Int32>.self)
        arena.objectEnds = try section(Int.self)
        arena.classes = try section(Int32.self)
        arena.boxes = try section(NormalizedBox.self)
        arena.pointEnds = try section(Int.self)
        arena.points = try section(SIMD2<Float>.self)
        try checked(arena.fitsTogether)
        let stamps = try section(Int64.self), hashes = try section(UInt64.self), states = try section(UInt8.self)
        try checked([stamps.count / 4, hashes.count, states.count].allSatisfy { $0 == arena.count } && stamps.count % 4 == 0)
        var entries: [Entry] = []
        entries.reserveCapacity(arena.count)
        for image in 0..<arena.count {
            guard let labels = ImageCheck.Labels(rawValue: states[image] & 0x7F) else { throw Damaged() }
            let isUsable = states[image] & 0x80 != 0
            try checked(!isUsable || (arena.sizes[image].x > 9 && arena.sizes[image].y > 9))
            let labelSize = stamps[4 * image + 2]
            entries.append(Entry(
                imageStamp: FileStamp(size: stamps[4 * image], time: stamps[4 * image + 1]),
                labelStamp: labelSize < 0 ? nil : FileStamp(size: labelSize, time: stamps[4 * image + 3]),
                labelHash: hashes[image], labels: labels, isUsable: isUsable))
        }
        let numbers = try section(Int32.self)
        let texts = try section(UInt8.self).split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        try checked(numbers.count % 3 == 0 && texts.count == numbers.count / 3 * 2 + 1)
        var remarks: [Remark] = []
        for index in 0..<numbers.count / 3 {
            let (image, line) = (Int(numbers[3 * index]), Int(numbers[3 * index + 2]))
            guard let kind = UInt8(exactly: numbers[3 * index + 1]).flatMap(DataProblem.Kind.init), 0..<arena.count ~= image,
                image >= remarks.last?.image ?? 0
            else { throw Damaged() }
            let problem = DataProblem(kind, file: texts[2 * index], line: line > 0 ? line : nil, texts[2 * index + 1])
            remarks.append(Remark(image: image, problem: problem))
        }
        self.init(arena: arena, entries: entries, remarks: remarks)
    }
}

extension LabelArena {
    /// Whether every end is within its array and none before the one before it, and labels are what a scan lets pass.
    fileprivate var fitsTogether: Bool {
        func divide(_ ends: [Int], _ total: Int) -> Bool {
            var last = 0
            for end in ends {
                guard end >= last else { return false }
                last = end
            }
            return last == total
        }
        return divide(pathEnds, pathBytes.count) && sizes.count == count && objectEnds.count == count
            && divide(objectEnds, objectCount) && boxes.count == objectCount
            && (pointEnds.isEmpty ? points.isEmpty : pointEnds.count == objectCount && divide(pointEnds, points.count))
            && classes.allSatisfy { $0 >= 0 }
            && boxes.allSatisfy { 0...1 ~= $0.centerX && 0...1 ~= $0.centerY && 0...1 ~= $0.width && 0...1 ~= $0.height }
            && points.allSatisfy { $0.x.isFinite && $0.y.isFinite }
    }
}
