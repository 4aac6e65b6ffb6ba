import Glibc

/// Arrays one behind the other, each with its count before it, and a hash of everything at the end.
struct SectionWriter {
    private var bytes: [UInt8] = []

    mutating func add(word: UInt64) {
        withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
    }

    mutating func add<Element: BitwiseCopyable>(_ elements: [Element]) {
        add(word: UInt64(elements.count))
        elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    consuming func finished() -> [UInt8] {
        add(word: ContentHash(bytes).value)
        return bytes
    }
}

/// Reads what `SectionWriter` wrote, straight into the arrays that are wanted. What a damaged file gives is only to be used
/// once `endsWithItsHash` has agreed.
struct SectionReader: ~Copyable {
    private let file: Int32
    private var left: Int
    private let whole: UnsafeMutableRawBufferPointer
    private var position = 0

    /// - Returns: nil if the file cannot be read.
    init?(_ path: String) {
        file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size >= 8,
            let address = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, file, 0), address != MAP_FAILED
        else {
            close(file)
            return nil
        }
        left = Int(status.st_size) - 8
        whole = UnsafeMutableRawBufferPointer(start: address, count: Int(status.st_size))
    }

    deinit {
        munmap(whole.baseAddress, whole.count)
        close(file)
    }

    mutating func word() -> UInt64? {
        guard left >= 8 else { return nil }
        defer { advance(8) }
        return whole.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    }

    mutating func section<Element: BitwiseCopyable>(of type: Element.Type) -> [Element]? {
        guard let count = word(), count <= UInt64(left / MemoryLayout<Element>.stride) else { return nil }
        let size = Int(count) * MemoryLayout<Element>.stride
        defer { advance(size) }
        return [Element](unsafeUninitializedCapacity: Int(count)) { buffer, initializedCount in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(
                from: UnsafeRawBufferPointer(rebasing: whole[position..<position + size]))
            initializedCount = Int(count)
        }
    }

    private mutating func advance(_ count: Int) {
        position += count
        left -= count
    }

    /// Whether all has been read, and nothing was altered since it was written.
    func endsWithItsHash() -> Bool {
        guard left == 0 else { return false }
        var hash = ContentHash()
        hash.add(UnsafeRawBufferPointer(rebasing: whole[..<position]))
        return hash.value == whole.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    }
}
