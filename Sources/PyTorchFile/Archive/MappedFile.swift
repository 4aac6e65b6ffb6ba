import Glibc

/// A whole file in memory, read-only, paged in by the system as it is touched; or bytes that are in memory already.
///
/// A file that is replaced by renaming (as this module writes) stays valid here. One that another program shortens in
/// place does not: the system then ends the process that touches the lost part.
final class MappedFile: @unchecked Sendable {  // the bytes are never written after `init` and live until `deinit`
    let bytes: UnsafeRawBufferPointer
    private let isMapped: Bool

    init(path: String) throws(PyTorchFileError) {
        // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .cannotRead(path: path, reason: "it is a folder")
        default: throw .cannotRead(path: path, reason: "it is no regular file")
        }

        let count = Int(status.st_size)
        isMapped = count > 0  // an empty mapping is an error to the system
        guard isMapped else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw .cannotRead(path: path, reason: systemMessage(errno))
        }
        bytes = UnsafeRawBufferPointer(start: address, count: count)
    }

    /// A copy of `content`, exactly as large, so that a memory checker sees any step outside of it.
    init(copying content: UnsafeRawBufferPointer) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 16)
        copy.copyMemory(from: content)
        bytes = UnsafeRawBufferPointer(copy)
        isMapped = false
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
        } else {
            bytes.deallocate()
        }
    }
}

/// The system's words for an error number, for example "No such file or directory".
func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code))
}
