import Foundation

/// Reads and checks the images and labels of a split, or finds that they are as they were when that was last done.
struct DatasetScan {
    let name: String
    /// By path, without repetitions.
    let paths: [String]
    /// What the paths came from: folders and lists.
    let sources: [String]
    let classNames: [String]
    let options: LabelOptions

    /// Time after which the time stamp of a file can be trusted: files that are written within one tick of the clock have the
    /// same. Disks in use count in steps of up to two seconds.
    private static let settlingTime: Int64 = 2_000_000_000

    /// - Parameter progress: Called on this thread, ten times a second.
    func records(_ progress: (ScanProgress) -> Void) -> ScanRecords {
        guard let first = paths.first else { return ScanRecords() }
        let time = Int64(Date().timeIntervalSince1970 * 1e9)
        let places = LabelCache.places(for: sources, firstLabel: ImagePaths.labelPath(forImage: first))
        let caches = places.lazy.compactMap { LabelCache.read($0, key: key, classCount: classCount) }
        let stamps = self.stamps()
        var known: Known?
        if !options.verifiesCache, let cache = caches.first {
            let found = Known(cache, paths: paths, stamps: stamps, settledBefore: cache.time - Self.settlingTime)
            if found.isEverything { return cache.records }
            known = found
        }
        let records = scan(stamps, known, progress)
        let cache = LabelCache(records: records, time: time)
        // A cache that cannot be written is none; the next start reads the files again.
        _ = places.first { (try? cache.write(to: $0, key: key)) != nil }
        return records
    }

    /// What besides the files decides the result.
    private var key: UInt64 {
        var hash = ContentHash()
        for text in [options.policy.rawValue, options.isSingleClass ? "one class" : "\(classNames.count)"] + classNames {
            Array(text.utf8).withUnsafeBytes { hash.add($0) }
        }
        return hash.value
    }

    private var classCount: Int? { options.isSingleClass ? nil : classNames.count }

    // MARK: Files

    /// The stamps of an image and of its label file.
    struct Stamps: Hashable, Sendable {
        var image: FileStamp?
        var label: FileStamp?
    }

    private func stamps() -> [Stamps] {
        concurrentMap(paths) { Stamps(image: FileStamp($0), label: FileStamp(ImagePaths.labelPath(forImage: $0))) }
    }

    private func scan(_ stamps: [Stamps], _ known: Known?, _ progress: (ScanProgress) -> Void) -> ScanRecords {
        let wanted = known.map { known in paths.indices.filter { known.places[$0] == nil } } ?? Array(paths.indices)
        let (all, classCount, policy) = (paths, classCount, options.policy)
        let tally = Tally(ScanProgress(name: name, total: wanted.count))
        progress(tally.value)
        let checks = concurrentMap(
            wanted, whileWaiting: { progress(tally.value) },
            { index in
                let check = ImageCheck(
                    imagePath: all[index], labelPath: ImagePaths.labelPath(forImage: all[index]), classCount: classCount,
                    policy: policy)
                tally.count(check)
                return check
            })
        progress(tally.value)
        var records = ScanRecords()
        var next = checks.makeIterator()
        for index in paths.indices {
            if let known, let place = known.places[index] {
                records.append(
                    place, of: known.cache.records, imageStamp: stamps[index].image ?? .none, labelStamp: stamps[index].label)
            } else if let check = next.next() {
                records.append(check, imageStamp: stamps[index].image ?? .none)
            }
        }
        return records
    }
}

extension FileStamp {
    /// Of an image that was not there.
    fileprivate static let none = FileStamp(size: -1, time: 0)
}

/// What a cache knows of files that are still the same.
private struct Known {
    let cache: LabelCache
    /// The image's number in the cache, for each path; nil for one that has to be read.
    private(set) var places: [Int?]
    /// Whether the cache holds exactly these paths, all as they were.
    private(set) var isEverything: Bool

    /// - Parameter settledBefore: Files written after it may have changed without a sign; their contents decide.
    init(_ cache: LabelCache, paths: [String], stamps: [DatasetScan.Stamps], settledBefore: Int64) {
        self.cache = cache
        let records = cache.records
        let candidates = Self.sameNames(paths, records.arena)
        let verdicts = concurrentMap(Array(paths.indices)) { index -> Verdict in
            guard let place = candidates[index], let image = stamps[index].image else { return .changed }
            let entry = records.entries[place]
            guard entry.imageStamp == image, image.time < settledBefore else { return .changed }
            if entry.labels == .unread {
                // Bytes that are no image stay so. A file that could not be read may have become readable without a sign.
                let isNoImage = records.remarks(ofImage: place).contains { $0.problem.kind.isAboutPixels }
                return isNoImage ? .same : .changed
            }
            if entry.labelStamp == stamps[index].label, entry.labelStamp.map({ $0.time < settledBefore }) ?? true { return .same }
            guard stamps[index].label != nil, entry.labelStamp != nil,
                let content = try? FileContent(ImagePaths.labelPath(forImage: paths[index])),
                ContentHash(content.bytes).value == entry.labelHash
            else { return .changed }
            return .sameContent
        }
        places = zip(candidates, verdicts).map { $1 == .changed ? nil : $0 }
        isEverything = paths.count == records.count && verdicts.allSatisfy { $0 == .same }
    }

    private enum Verdict { case same, sameContent, changed }

    /// For each path its number in the arena, which is sorted like the paths.
    private static func sameNames(_ paths: [String], _ arena: LabelArena) -> [Int?] {
        var places: [Int?] = []
        places.reserveCapacity(paths.count)
        var place = 0
        for path in paths {
            var order = 1
            while place < arena.count {
                order = arena.order(of: path, at: place)
                if order <= 0 { break }
                place += 1
            }
            places.append(order == 0 ? place : nil)
        }
        return places
    }
}

/// `@unchecked Sendable`: the value is only touched under the lock.
private final class Tally: @unchecked Sendable {
    private let lock = NSLock()
    private var counts: ScanProgress

    init(_ counts: ScanProgress) { self.counts = counts }

    var value: ScanProgress { lock.withLock { counts } }

    func count(_ check: ImageCheck) {
        lock.withLock { counts.count(check.labels, isUsable: check.isUsable) }
    }
}
