import Foundation
import YOLOData

/// Whether there is room on disks and in memory.
struct StorageExamination {
    func checks() -> [MachineCheck] {
        let temporary = FileManager.default.temporaryDirectory.path
        return [
            disk("working folder", ".", isNeeded: true, advice: "go to a folder that can be written, or give one by --project"),
            disk("cache folder", CacheFolder.user, advice: "set XDG_CACHE_HOME to a folder that can be written; else labels are read anew each time"),
            disk("temporary folder", temporary, advice: "set TMPDIR to a folder that can be written; charts need it"),
            memory(AvailableMemory()),
        ] + openFiles
    }

    /// - Parameters:
    ///   - isNeeded: whether trainings do not work without it.
    ///   - advice: where nothing can be written.
    private func disk(_ subject: String, _ path: String, isNeeded: Bool = false, advice: String) -> MachineCheck {
        let check = isNeeded ? MachineCheck.problem : MachineCheck.warning
        let folder = Self.nearestFolder(to: path)
        let shown = path == "." ? FileManager.default.currentDirectoryPath : path
        if let failure = Self.writeFailure(in: folder) { return check(subject, "\(shown): \(failure)", advice) }
        let free = freeBytes(at: folder)
        guard free > 100 << 20 else { return check(subject, "\(shown): \(readable(free)) free", "make room: weights alone need more") }
        guard free > 2 << 30 else { return .warning(subject, "\(shown): only \(readable(free)) free", advice: "make room for weights and caches") }
        return .ok(subject, "\(shown): \(readable(free)) free")
    }

    /// The folder itself, or the one around it that is there.
    private static func nearestFolder(to path: String) -> String {
        var url = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
        while !FileManager.default.fileExists(atPath: url.path), url.path != "/" { url.deleteLastPathComponent() }
        return url.path
    }

    /// Why no file can be written in a folder; nil where one was, which is gone by now.
    private static func writeFailure(in folder: String) -> String? {
        var path = Array((folder + "/.yolov5-doctor-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return "cannot be written: \(String(cString: strerror(errno)))" }
        defer {
            close(descriptor)
            unlink(path)
        }
        let bytes = [UInt8](repeating: 1, count: 4096)
        return write(descriptor, bytes, bytes.count) == bytes.count ? nil : "cannot be written: \(String(cString: strerror(errno)))"
    }

    private func memory(_ memory: AvailableMemory) -> MachineCheck {
        let limit = memory.limit.map { ", \(readable($0)) allowed by the container" } ?? ""
        let finding = "\(readable(memory.bytes)) free of \(readable(memory.machineTotal))\(limit)"
        guard memory.bytes > 2 << 30 else {
            return .warning("memory", finding, advice: "end other programs, or train with a smaller --batch-size and --img")
        }
        return .ok("memory", finding)
    }

    /// Only where it may not do.
    private var openFiles: [MachineCheck] {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < 1024 else { return [] }
        return [.warning("open files", "\(limit.rlim_cur) at most", advice: "ulimit -n 4096, before the training")]
    }
}
