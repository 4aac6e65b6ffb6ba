import Glibc

/// A lock between processes, held from creation to `release`, or to the end of the process.
package struct FileLock {
    private let path: String
    private let descriptor: Int32

    /// - Parameter waits: Whether to wait until no other process holds it.
    /// - Returns: `nil` where files cannot be locked, and without waiting where another process holds it.
    package init?(_ path: String, waits: Bool = true) {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { return nil }
            while flock(descriptor, waits ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
                guard errno == EINTR else {
                    close(descriptor)
                    return nil
                }
            }
            // The holder before may have removed the file: whoever comes next locks another one.
            if let identity = FileIdentity(descriptor: descriptor), identity == FileIdentity(path: path) {
                (self.path, self.descriptor) = (path, descriptor)
                return
            }
            close(descriptor)
        }
    }

    /// The lock's file, to be removed before the lock is released, or when the process ends.
    package var file: TemporaryFile? { TemporaryFile(path: path, descriptor: descriptor) }

    package func release() { close(descriptor) }
}
