import Dispatch
import Foundation

/// Images in memory: as pixels, as files, or left on the disk, as a budget allows.
struct MemoryCache: CachedImages {
    private let plan: MemoryPlan
    /// `nil` when nothing is held. The images lie from `offset` on.
    private let memory: MappedMemory?
    private let offset: Int
    /// Of shared memory that this process has filled: its name goes with the cache.
    private var file: TemporaryFile?

    func content(_ index: Int) -> CachedContent? {
        let place = plan.places[index]
        guard let memory, place.form != .onDisk else { return nil }
        let lent = LentBytes(memory, offset + place.start..<offset + place.start + place.count)
        return place.form == .pixels ? .pixels(lent) : .file(lent)
    }

    /// Fills memory with the images of a store, on all cores, or uses what another process has filled.
    ///
    /// - Parameter available: Bytes that may be taken from the system.
    /// - Throws: `DataError.image` for a file that cannot be read at all.
    static func filled(
        from reader: ImageReader, _ images: [SourceImage], settings: ImageCacheSettings, available: Int,
        progress: CacheProgress?
    ) throws(DataError) -> (cache: MemoryCache, report: ImageCacheReport) {
        let stamps = concurrentMap(images) { FileStamp($0.path) }
        let sizes = zip(images, stamps).map { (pixels: reader.byteCount($0), file: $1.map { Int($0.size) }) }
        let budget = settings.budget.bytes(available: available)
        let plan = MemoryPlan(sizes, budget: budget)
        if let sharing = settings.sharing, sharing.processCount > 1 {
            var fingerprint = reader.fingerprint
            for (image, stamp) in zip(images, stamps) {
                if let stamp { fingerprint.add(image.path, stamp) } else { fingerprint.add(image.path) }
            }
            let shared = SharedMemory(sharing: sharing, fingerprint: fingerprint.finished, location: settings.location)
            let found = try shared.filledOnce(plan: plan) { (plan, memory) throws(DataError) in
                try fill(plan, memory, from: reader, images, progress)
            }
            if let found {
                let cache = MemoryCache(
                    plan: found.plan, memory: found.memory, offset: SharedMemoryHeader.byteCount(found.plan), file: found.file)
                return (cache, cache.report(budget: budget, isOwn: found.isOwn))
            }
        }
        guard plan.byteCount > 0 else {
            let cache = MemoryCache(plan: plan, memory: nil, offset: 0)
            return (cache, cache.report(budget: budget))
        }
        guard let memory = MappedMemory(anonymous: plan.byteCount) else {
            let cache = MemoryCache(plan: MemoryPlan(sizes, budget: 0), memory: nil, offset: 0)
            var report = cache.report(budget: budget)
            report.warning = "images are not cached: the system refuses \(readable(plan.byteCount)) of memory"
            return (cache, report)
        }
        let filled = try fill(plan, memory.bytes, from: reader, images, progress)
        let cache = MemoryCache(plan: filled, memory: memory, offset: 0)
        return (cache, cache.report(budget: budget))
    }

    /// Puts every image into its place.
    ///
    /// - Returns: The plan without the images that are damaged or have changed meanwhile: those are read again when they are
    ///   needed, which finds the same damage and says so.
    private static func fill(
        _ plan: MemoryPlan, _ memory: UnsafeMutableRawBufferPointer, from reader: ImageReader, _ images: [SourceImage],
        _ progress: CacheProgress?
    ) throws(DataError) -> MemoryPlan {
        let filling = Filling(memory: memory)
        let outcomes = concurrentMap(Array(images.indices)) { index in
            defer { progress?(filling.countOne(), images.count) }
            let place = plan.places[index]
            let room = UnsafeMutableRawBufferPointer(rebasing: filling.memory[place.start..<place.start + place.count])
            return Result { () throws(DataError) in
                switch place.form {
                case .onDisk: return false
                case .file: return try reader.copyFile(of: images[index], into: room)
                case .pixels: return try reader.copyPixels(of: images[index], into: room)
                }
            }
        }
        var filled = plan
        for (index, outcome) in outcomes.enumerated() where try !outcome.get() { filled.leaveOut(index) }
        return filled
    }

    /// "1.2 GB of 4.0 GB: 3,100 images decoded, 900 compressed, 128 left on disk".
    private func report(budget: Int, isOwn: Bool = true) -> ImageCacheReport {
        let forms = [
            (plan.count(.pixels), "decoded"), (plan.count(.file), "compressed"), (plan.count(.onDisk), "left on disk"),
        ].filter { $0.0 > 0 }
        let counts = forms.enumerated().map { number, form in
            "\(grouped(form.0)) " + (number == 0 ? (form.0 == 1 ? "image " : "images ") : "") + form.1
        }
        let used = plan.places.reduce(0) { $0 + ($1.form == .onDisk ? 0 : MemoryPlan.rounded($1.count)) }
        let memory = isOwn ? "\(readable(used)) of \(readable(budget))" : "\(readable(used)) of another process"
        return ImageCacheReport(summary: "\(memory): " + counts.joined(separator: ", "), memoryBytes: isOwn ? used : 0)
    }
}

/// Memory that is being filled.
///
/// `@unchecked Sendable`: each image has a place of its own; the count is only touched under the lock.
private final class Filling: @unchecked Sendable {
    let memory: UnsafeMutableRawBufferPointer
    private let lock = NSLock()
    private var done = 0

    init(memory: UnsafeMutableRawBufferPointer) { self.memory = memory }

    func countOne() -> Int {
        lock.withLock {
            done += 1
            return done
        }
    }
}
