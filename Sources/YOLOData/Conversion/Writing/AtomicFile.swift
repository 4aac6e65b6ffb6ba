import Downloads
import Foundation

/// Writes files so that no reader ever finds half of one: under another name beside it, renamed when complete.
enum AtomicFile {
    /// Replaces what `path` names, or makes it, with folders that are missing.
    static func write(_ bytes: [UInt8], to path: String) throws(ConversionError) {
        try replace(path) { temporary in
            let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            guard file >= 0 else { return false }
            let result = Result { () throws(WriteFailure) in
                try bytes.withUnsafeBufferPointer { (bytes) throws(WriteFailure) in
                    try writeWhole(UnsafeRawBufferPointer(bytes), to: file)
                }
            }
            let isClosed = close(file) == 0
            guard case .failure(let failure) = result else { return isClosed }
            errno = failure.code
            return false
        }
    }

    /// A symbolic link at `path` that holds `destination`.
    static func link(_ destination: String, at path: String) throws(ConversionError) {
        try replace(path) { symlink(destination, $0) == 0 }
    }

    static func copy(_ source: String, to path: String) throws(ConversionError) {
        let real = URL(fileURLWithPath: source).resolvingSymlinksInPath().path
        try replace(path) { temporary in
            do {
                try FileManager.default.copyItem(atPath: real, toPath: temporary)
                return true
            } catch {
                errno = (error as NSError).code == CocoaError.fileWriteOutOfSpace.rawValue ? ENOSPC : EIO
                return false
            }
        }
    }

    static func makeFolder(_ path: String) throws(ConversionError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: path, reason: "the folder cannot be made: \(error.localizedDescription)")
        }
    }

    /// - Parameter make: Makes the file under a name of its own; false if it failed, with `errno` set.
    private static func replace(_ path: String, _ make: (_ temporary: String) -> Bool) throws(ConversionError) {
        let temporary = path.parentFolder.appendingPart(".yolov5-\(UUID().uuidString)")
        guard make(temporary), rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw .unwritable(path: path, reason: reason)
        }
    }
}
