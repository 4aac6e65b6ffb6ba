import Glibc
import Synchronization

/// A file whose name goes with this object, or with the process if that ends first.
///
/// A process that ends by `_exit` calls `removeAll` before. What is left by one that is killed has to be found by others.
package final class TemporaryFile: Sendable {
    private let path: String
    private let identity: FileIdentity

    private static let all = Mutex<[ObjectIdentifier: (path: String, identity: FileIdentity)]>([:])
    private static let goesAtExit: Bool = atexit { TemporaryFile.removeAll() } == 0

    /// - Parameter descriptor: The file, open.
    /// - Returns: `nil` for a descriptor that is no file's.
    init?(path: String, descriptor: Int32) {
        guard let identity = FileIdentity(descriptor: descriptor) else { return nil }
        (self.path, self.identity) = (path, identity)
        _ = Self.goesAtExit
        Self.all.withLock { $0[ObjectIdentifier(self)] = (path, identity) }
    }

    deinit { remove() }

    /// Removes the name now. The content stays as long as it is in use.
    func remove() {
        let isLeft = Self.all.withLock { $0.removeValue(forKey: ObjectIdentifier(self)) != nil }
        if isLeft { Self.remove(path, identity) }
    }

    /// Removes the names of all such files of this process.
    package static func removeAll() {
        let files = all.withLock { files in
            defer { files = [:] }
            return Array(files.values)
        }
        for file in files { remove(file.path, file.identity) }
    }

    /// The name may have been given to another file meanwhile, which stays.
    private static func remove(_ path: String, _ identity: FileIdentity) {
        if FileIdentity(path: path) == identity { unlink(path) }
    }
}
