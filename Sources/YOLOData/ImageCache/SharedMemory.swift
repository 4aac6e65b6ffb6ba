import Downloads
import Foundation
import Glibc

/// One copy of the images for all processes of a run on a machine.
///
/// The first process to come fills a file in /dev/shm, or, where that has no room (a container's has 64 MB), one in the cache folder;
/// the others wait and map it. A lock that the kernel takes back when its holder dies stands between them, so that a process
/// which comes after a failed one fills again. Once all have mapped the file its name is removed: the memory is free when the
/// last of them ends, however it ends. If some never come, the name goes with the cache of the process that filled it, or
/// with that process; of one that was killed, the next process of any run removes it.
struct SharedMemory {
    let sharing: CacheSharing
    /// Of all images and of how they are made.
    let fingerprint: ImageFingerprint
    let location: CacheLocation
    /// The memory file system.
    var memoryFolder = "/dev/shm"

    struct Filled {
        /// The file that this process has filled, to be kept as long as others may come for it.
        let file: TemporaryFile?
        let plan: MemoryPlan
        let memory: MappedMemory

        /// Whether this process filled it.
        var isOwn: Bool { file != nil }
    }

    /// Uses the images of the process that came first; fills them if it is this one.
    ///
    /// - Returns: `nil` where memory cannot be shared.
    func filledOnce(
        plan: MemoryPlan, fill: (MemoryPlan, UnsafeMutableRawBufferPointer) throws(DataError) -> MemoryPlan
    ) throws(DataError) -> Filled? {
        removeLeftOvers()
        guard let lock = FileLock(lockPath) else { return nil }
        let lockFile = lock.file
        defer {
            lockFile?.remove()
            lock.release()
        }
        if let found = attached() { return found }
        for path in paths { unlink(path) }
        guard plan.byteCount > 0 else { return nil }
        let headerBytes = SharedMemoryHeader.byteCount(plan)
        for path in paths {
            guard let (file, memory) = Self.create(path, byteCount: headerBytes + plan.byteCount) else { continue }
            let room = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[headerBytes...])
            let filled = try fill(plan, room)
            SharedMemoryHeader(plan: filled, fingerprint: fingerprint).write(into: memory.bytes)
            return Filled(file: file, plan: filled, memory: memory)
        }
        return nil
    }

    /// What another process of the run has filled, if it is still there.
    private func attached() -> Filled? {
        for path in paths {
            let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
                let memory = MappedMemory(descriptor: descriptor, byteCount: Int(status.st_size), isWritable: true),
                var header = SharedMemoryHeader(readFrom: memory.bytes, fingerprint: fingerprint)
            else { continue }
            header.userCount += 1
            header.write(into: memory.bytes)
            if header.userCount >= sharing.processCount { unlink(path) }
            return Filled(file: nil, plan: header.plan, memory: memory)
        }
        return nil
    }

    /// A new file whose every byte has its place on the disk or in memory, mapped.
    private static func create(_ path: String, byteCount: Int) -> (file: TemporaryFile, memory: MappedMemory)? {
        let folder = path.parentFolder
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Without a place for every byte, writing to the mapping could end the process.
        guard let file = TemporaryFile(path: path, descriptor: descriptor), SharedMemoryHeader.begin(descriptor),
            freeBytes(at: folder) > byteCount, posix_fallocate(descriptor, 0, off_t(byteCount)) == 0,
            let memory = MappedMemory(descriptor: descriptor, byteCount: byteCount, isWritable: true)
        else { return nil }
        return (file, memory)
    }
}

// MARK: Names

extension SharedMemory {
    private static var namesBegin: String { "yolov5-swift-\(geteuid())-" }
    private static let lockSuffix = ".lock"

    private var name: String {
        var key = fingerprint
        key.add(sharing.runID)
        // A folder of the disk may be that of several machines.
        key.add(ProcessIdentity.current.scope)
        return Self.namesBegin + key.finished.name
    }

    private var paths: [String] {
        [memoryFolder + "/" + name, location.folder + "/" + name + ".shared"]
    }

    /// In memory if possible: a file on a disk of several machines would be locked for all of them.
    private var lockFolder: String { access(memoryFolder, W_OK) == 0 ? memoryFolder : NSTemporaryDirectory() }

    private var lockPath: String { lockFolder + "/" + name + Self.lockSuffix }

    /// Removes the files of processes that were killed.
    private func removeLeftOvers() {
        for folder in Set([memoryFolder, location.folder, lockFolder]) {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            for name in names where name.hasPrefix(Self.namesBegin) {
                let path = folder + "/" + name
                if name.hasSuffix(Self.lockSuffix) {
                    guard let lock = FileLock(path, waits: false) else { continue }
                    lock.file?.remove()
                    lock.release()
                } else if SharedMemoryHeader.isLeftOver(path) {
                    unlink(path)
                }
            }
        }
    }
}
