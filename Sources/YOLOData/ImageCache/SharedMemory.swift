import Foundation
import Glibc

/// One copy of the images for all processes of a run on a machine.
///
/// The first process to come fills a file in /dev/shm, or, where that has no room (a container's has 64 MB), one in the cache folder;
/// the others wait and map it. A lock that the kernel takes back when its holder dies stands between them, so that a process
/// which comes after a failed one fills again. Once all have mapped the file its name is removed: the memory is free when the
/// last of them ends, however it ends.
struct SharedMemory {
    let sharing: CacheSharing
    /// Of all images and of how they are made.
    let fingerprint: ImageFingerprint
    let location: CacheLocation
    /// The memory file system.
    var memoryFolder = "/dev/shm"

    struct Filled {
        let plan: MemoryPlan
        let memory: MappedMemory
        /// Whether this process filled it.
        let isOwn: Bool
    }

    /// Uses the images of the process that came first; fills them if it is this one.
    ///
    /// - Returns: `nil` where memory cannot be shared.
    func filledOnce(
        plan: MemoryPlan, fill: (MemoryPlan, UnsafeMutableRawBufferPointer) throws(DataError) -> MemoryPlan
    ) throws(DataError) -> Filled? {
        guard let lock = FileLock(lockPath) else { return nil }
        defer { lock.release() }
        if let found = attached() { return found }
        for path in paths { unlink(path) }
        guard plan.byteCount > 0 else { return nil }
        for path in paths {
            guard let memory = Self.create(path, byteCount: Self.headerBytes(plan) + plan.byteCount) else { continue }
            let room = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[Self.headerBytes(plan)...])
            do throws(DataError) {
                let filled = try fill(plan, room)
                Header(plan: filled, fingerprint: fingerprint).write(into: memory.bytes)
                return Filled(plan: filled, memory: memory, isOwn: true)
            } catch {
                unlink(path)
                throw error
            }
        }
        return nil
    }

    /// Bytes before the first image.
    static func headerBytes(_ plan: MemoryPlan) -> Int {
        let pageBytes = 4096
        return (Header.fixedBytes + plan.places.count * Header.placeBytes + pageBytes - 1) / pageBytes * pageBytes
    }

    /// What another process of the run has filled, if it is still there.
    private func attached() -> Filled? {
        for path in paths {
            let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_uid == geteuid(),
                let memory = MappedMemory(descriptor: descriptor, byteCount: Int(status.st_size), isWritable: true),
                var header = Header(readFrom: memory.bytes, fingerprint: fingerprint)
            else { continue }
            header.userCount += 1
            header.write(into: memory.bytes)
            if header.userCount >= sharing.processCount {
                unlink(path)
                unlink(lockPath)
            }
            return Filled(plan: header.plan, memory: memory, isOwn: false)
        }
        return nil
    }

    private var name: String {
        var key = fingerprint
        key.add(sharing.runID)
        return "yolov5-swift-\(geteuid())-\(key.finished.name)"
    }

    private var paths: [String] {
        [memoryFolder + "/" + name, location.folder + "/" + name + ".shared"]
    }

    /// In memory if possible: a file on a disk of several machines would be locked for all of them.
    private var lockPath: String {
        (access(memoryFolder, W_OK) == 0 ? memoryFolder : NSTemporaryDirectory()) + "/" + name + ".lock"
    }

    /// A new file whose every byte has its place on the disk or in memory, mapped.
    private static func create(_ path: String, byteCount: Int) -> MappedMemory? {
        let folder = (path as NSString).deletingLastPathComponent
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Without a place for every byte, writing to the mapping could end the process.
        guard freeBytes(at: folder) > byteCount, posix_fallocate(descriptor, 0, off_t(byteCount)) == 0,
            let memory = MappedMemory(descriptor: descriptor, byteCount: byteCount, isWritable: true)
        else {
            unlink(path)
            return nil
        }
        return memory
    }
}

/// The beginning of shared memory. Numbers are 64-bit, in the machine's order.
private struct Header {
    static let fixedBytes = 64
    static let placeBytes = 24
    /// "YV5SHARE", written last.
    private static let signature: UInt64 = 0x5956_3553_4841_5245

    var plan: MemoryPlan
    let fingerprint: ImageFingerprint
    /// Processes that use it.
    var userCount = 1
    let owner: Int

    init(plan: MemoryPlan, fingerprint: ImageFingerprint) {
        (self.plan, self.fingerprint, owner) = (plan, fingerprint, Int(getpid()))
    }

    /// - Returns: `nil` for memory that is not filled, of other images, or of a process that is gone.
    init?(readFrom bytes: UnsafeMutableRawBufferPointer, fingerprint: ImageFingerprint) {
        func number(_ index: Int) -> Int { bytes.loadUnaligned(fromByteOffset: 8 * index, as: Int.self) }
        guard bytes.count >= Self.fixedBytes, UInt64(bitPattern: Int64(number(0))) == Self.signature,
            UInt64(bitPattern: Int64(number(1))) == fingerprint.high, UInt64(bitPattern: Int64(number(2))) == fingerprint.low,
            number(5) >= 0, number(5) <= (bytes.count - Self.fixedBytes) / Self.placeBytes
        else { return nil }
        (userCount, owner, self.fingerprint) = (number(3), number(4), fingerprint)
        guard kill(pid_t(truncatingIfNeeded: owner), 0) == 0 || errno == EPERM else { return nil }
        let places = (0..<number(5)).map { index in
            let first = (Self.fixedBytes + index * Self.placeBytes) / 8
            let form = MemoryPlan.Form(rawValue: UInt8(truncatingIfNeeded: number(first))) ?? .onDisk
            return MemoryPlan.Place(form: form, start: number(first + 1), count: number(first + 2))
        }
        plan = MemoryPlan(places: places)
        guard places.allSatisfy({ $0.start >= 0 && $0.count >= 0 }), SharedMemory.headerBytes(plan) + plan.byteCount <= bytes.count
        else { return nil }
    }

    func write(into bytes: UnsafeMutableRawBufferPointer) {
        func put(_ number: Int, _ index: Int) { bytes.storeBytes(of: number, toByteOffset: 8 * index, as: Int.self) }
        for (index, place) in plan.places.enumerated() {
            let first = (Self.fixedBytes + index * Self.placeBytes) / 8
            put(Int(place.form.rawValue), first)
            put(place.start, first + 1)
            put(place.count, first + 2)
        }
        put(Int(bitPattern: UInt(fingerprint.high)), 1)
        put(Int(bitPattern: UInt(fingerprint.low)), 2)
        put(userCount, 3)
        put(owner, 4)
        put(plan.places.count, 5)
        put(Int(bitPattern: UInt(Self.signature)), 0)
    }
}

/// A lock between processes, held from creation to `release`, or to the end of the process.
struct FileLock {
    private let descriptor: Int32

    /// Waits until no other process holds it.
    /// - Returns: `nil` where files cannot be locked.
    init?(_ path: String) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return nil }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                close(descriptor)
                return nil
            }
        }
    }

    func release() { close(descriptor) }
}

/// What a user may still write to the file system of a folder.
func freeBytes(at folder: String) -> Int {
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else { return 0 }
    return Int(clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
}
