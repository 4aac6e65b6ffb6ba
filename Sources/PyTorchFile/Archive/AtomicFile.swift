import Glibc

/// A file that appears under its name only when it is complete and on the disk.
///
/// The bytes go to a file without a name in the same folder, so that even a killed process leaves nothing behind; where
/// the file system cannot do that, to a hidden file `.NAME.PROCESS-N.partial`. `commit()` syncs and renames it.
package final class AtomicFile {
    /// The system's `write`; tests put a full disk here.
    typealias Write = (_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int

    private let path: String
    /// `path` with symbolic links followed, so that the file behind a link is replaced, not the link.
    private let target: String
    private let folder: String
    private let systemWrite: Write
    private let descriptor: Int32
    /// The hidden name, while there is one.
    private var temporaryName: String?
    private var buffer: [UInt8] = []
    /// Bytes written so far.
    private(set) var count = 0

    private static let bufferSize = 1 << 18

    /// - Parameter triesUnnamed: `false` behaves as on a file system without nameless files.
    init(
        replacing path: String, triesUnnamed: Bool = true, write: @escaping Write = Glibc.write
    ) throws(PyTorchFileError) {
        self.path = path
        let target = Self.resolved(path)
        let folder = Self.folder(of: target)
        self.target = target
        self.folder = folder
        systemWrite = write
        let unnamed = triesUnnamed ? open(folder, Self.unnamedFile | O_WRONLY | O_CLOEXEC, 0o666) : -1
        if unnamed >= 0 {
            descriptor = unnamed
        } else if !triesUnnamed || [EOPNOTSUPP, EISDIR, EINVAL].contains(errno) {
            var opened: Int32 = -1
            temporaryName = Self.firstFreeName(beside: target, in: folder) { name in
                opened = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
                return opened >= 0
            }
            guard temporaryName != nil else { throw Self.failure(path, errno) }
            descriptor = opened
        } else {
            throw Self.failure(path, errno)
        }
        buffer.reserveCapacity(Self.bufferSize)
    }

    deinit {
        close(descriptor)
        if let temporaryName { unlink(temporaryName) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(PyTorchFileError) {
        count += bytes.count
        if buffer.count + bytes.count <= Self.bufferSize {
            buffer.append(contentsOf: bytes)
            return
        }
        try flush()
        try send(bytes)
    }

    func write(_ bytes: [UInt8]) throws(PyTorchFileError) {
        try withRawBytes(of: bytes) { (raw) throws(PyTorchFileError) in try write(raw) }
    }

    /// Puts the file under its name. It is on the disk when this returns, and so is the name.
    func commit() throws(PyTorchFileError) {
        try flush()
        guard fsync(descriptor) == 0 else { throw Self.failure(path, errno) }
        if temporaryName == nil {
            let handle = "/proc/self/fd/\(descriptor)"
            temporaryName = Self.firstFreeName(beside: target, in: folder) { name in
                linkat(AT_FDCWD, handle, AT_FDCWD, name, Int32(AT_SYMLINK_FOLLOW)) == 0
            }
        }
        guard let name = temporaryName, rename(name, target) == 0 else { throw Self.failure(path, errno) }
        temporaryName = nil
        // Some file systems refuse to sync a folder; the file itself is safe by now.
        let folderDescriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folderDescriptor >= 0 {
            fsync(folderDescriptor)
            close(folderDescriptor)
        }
    }

    /// Replaces the whole file at `path`, or makes it.
    package static func write(_ bytes: [UInt8], to path: String) throws(PyTorchFileError) {
        let file = try AtomicFile(replacing: path)
        try file.write(bytes)
        try file.commit()
    }

    // MARK: Parts

    private func flush() throws(PyTorchFileError) {
        try withRawBytes(of: buffer) { (raw) throws(PyTorchFileError) in try send(raw) }
        buffer.removeAll(keepingCapacity: true)
    }

    private func send(_ bytes: UnsafeRawBufferPointer) throws(PyTorchFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let chunk = UnsafeRawBufferPointer(rebasing: rest)
            let written = systemWrite(descriptor, chunk.baseAddress, chunk.count)
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw Self.failure(path, written == 0 ? ENOSPC : errno) }
            rest = rest.dropFirst(written)
        }
    }

    /// `O_TMPFILE`, which is a macro that Swift does not import: its own bit and `O_DIRECTORY`.
    private static let unnamedFile: Int32 = 0o20000000 | O_DIRECTORY

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Tries hidden names until `create` succeeds; `nil`, with `errno` set, when it fails for another reason than a taken name.
    private static func firstFreeName(beside target: String, in folder: String, create: (String) -> Bool) -> String? {
        let base = target.split(separator: "/").last ?? ""
        for attempt in 0..<1000 {
            let name = "\(folder)/.\(base).\(getpid())-\(attempt).partial"
            if create(name) { return name }
            guard errno == EEXIST else { return nil }
        }
        return nil
    }

    private static func failure(_ path: String, _ code: Int32) -> PyTorchFileError {
        switch code {
        case ENOSPC, EDQUOT: .noSpace(path: path)
        default: .cannotWrite(path: path, reason: systemMessage(code))
        }
    }
}

/// `Array.withUnsafeBytes` with a typed error.
func withRawBytes<Failure: Error, Result>(
    of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
) throws(Failure) -> Result {
    try bytes.withUnsafeBufferPointer { (buffer) throws(Failure) -> Result in try body(UnsafeRawBufferPointer(buffer)) }
}
