import Foundation
import Glibc

/// Images as files of plain pixels at training size, which are mapped, not read.
///
/// A file is found under the fingerprint of what it is made from, so one that is out of date is never found. Those of images that
/// have changed or gone stay until the folder is removed.
struct DiskCache: CachedImages {
    /// By image; `nil` for what is not cached.
    private let files: [PixelFile?]

    func content(_ index: Int) -> CachedContent? {
        files[index]?.pixels().map { .pixels($0) }
    }

    /// Makes the files that are missing or damaged, on all cores.
    ///
    /// Where the disk is too small nothing is written, and what is there already is used.
    /// - Throws: `DataError.image` for an image that cannot be read at all.
    static func filled(
        from reader: ImageReader, _ images: [SourceImage], settings: ImageCacheSettings, progress: CacheProgress?,
        freeBytes: (_ folder: String) -> Int = freeBytes(at:)
    ) throws(DataError) -> (cache: DiskCache, report: ImageCacheReport) {
        let location = settings.location
        let lock = settings.sharing.flatMap { writerLock(location, $0) }
        defer { lock?.release() }
        let candidates = concurrentMap(images) { Candidate($0, reader, location) }
        let missing = candidates.indices.filter { candidates[$0].file != nil && !candidates[$0].isSound }
        var files = candidates.map { $0.isSound ? $0.file : nil }
        var warning: String?
        if let first = missing.first {
            let needed = missing.reduce(0) { $0 + (candidates[$1].file?.byteCount ?? 0) }
            let folder = location.folder(ofImage: images[first].path)
            try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let free = freeBytes(folder)
            // Others write there too.
            if needed > free - free / 20 {
                warning = "\(grouped(missing.count)) images are not cached: they need \(readable(needed)) in \(folder), "
                    + "where \(readable(free)) are free"
            } else {
                warning = try write(missing, candidates, from: reader, images, into: &files, progress)
            }
        }
        let cached = files.compactMap { $0 }
        let left = images.count - cached.count
        let place = location == .besideImages ? "beside the images" : "in \(location.folder)"
        let summary = "\(readable(cached.reduce(0) { $0 + $1.byteCount })) \(place): \(grouped(cached.count)) images decoded"
            + (left > 0 ? ", \(grouped(left)) not cached" : "")
        return (DiskCache(files: files), ImageCacheReport(summary: summary, warning: warning))
    }

    /// The file of an image, and whether it is there.
    private struct Candidate: Sendable {
        /// `nil` for an image that cannot be looked at.
        var file: PixelFile?
        var isSound = false

        init(_ image: SourceImage, _ reader: ImageReader, _ location: CacheLocation) {
            guard let stamp = FileStamp(image.path) else { return }
            var fingerprint = reader.fingerprint
            fingerprint.add(image.path, stamp)
            let size = reader.size(image)
            let file = PixelFile(
                path: location.path(ofImage: image.path, fingerprint.finished), fingerprint: fingerprint.finished,
                width: size.width, height: size.height)
            (self.file, isSound) = (file, file.isSound)
        }
    }

    /// Makes the missing files until one cannot be written.
    ///
    /// - Returns: A warning if one cannot.
    private static func write(
        _ missing: [Int], _ candidates: [Candidate], from reader: ImageReader, _ images: [SourceImage],
        into files: inout [PixelFile?], _ progress: CacheProgress?
    ) throws(DataError) -> String? {
        let writing = Writing()
        let outcomes = concurrentMap(missing) { index in
            defer { progress?(writing.countOne(), missing.count) }
            return Result { () throws(DataError) -> PixelFile? in
                // A damaged image is read again when it is needed, which finds the same damage and says so.
                guard let file = candidates[index].file, !writing.hasFailed, let image = try reader.wholeIfSound(images[index])
                else { return nil }
                do throws(DataError) {
                    try file.write(image)
                    return file
                } catch {
                    writing.fail(error)
                    return nil
                }
            }
        }
        for (index, outcome) in zip(missing, outcomes) { files[index] = try outcome.get() }
        return writing.failure.map { "some images are not cached: \($0)" }
    }

    /// Lets one process of a run write at a time: the others find everything there.
    private static func writerLock(_ location: CacheLocation, _ sharing: CacheSharing) -> FileLock? {
        guard sharing.processCount > 1 else { return nil }
        try? FileManager.default.createDirectory(atPath: location.folder, withIntermediateDirectories: true)
        return FileLock(location.folder + "/fill.lock")
    }
}

/// How the writing goes.
///
/// `@unchecked Sendable`: what changes is only touched under the lock.
private final class Writing: @unchecked Sendable {
    private let lock = NSLock()
    private var done = 0
    private var firstFailure: DataError?

    var failure: DataError? { lock.withLock { firstFailure } }
    var hasFailed: Bool { failure != nil }

    func fail(_ error: DataError) {
        lock.withLock { firstFailure = firstFailure ?? error }
    }

    func countOne() -> Int {
        lock.withLock {
            done += 1
            return done
        }
    }
}
