import Glibc

/// A whole file in memory, read-only, paged in by the system as it is touched.
///
/// A file that is replaced by renaming (as this module writes) stays valid here. One that another program shortens in
/// place does not: the system then ends the process that touches the lost part.
final class MappedFile: @unchecked Sendable {  // the pages are never written and live until `deinit`
    let bytes: UnsafeRawBufferPointer

    init(path: String) throws(PyTorchFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotRead(path: path, reason: systemMessage(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw .cannotRead(path: path, reason: "it is a folder")
        default: throw .cannotRead(path: path, reason: "it is no regular file")
        }
        guard status.st_size > 0 else { throw .notACheckpoint(path: path, reason: "the file is empty") }

        let count = Int(status.st_size)
        guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
            throw .cannotRead(path: path, reason: systemMessage(errno))
        }
        bytes = UnsafeRawBufferPointer(start: address, count: count)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
}

/// The system's words for an error number, for example "No such file or directory".
func systemMessage(_ code: Int32) -> String {
    String(cString: strerror(code))
}
