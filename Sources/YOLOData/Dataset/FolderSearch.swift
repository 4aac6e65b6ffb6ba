import Glibc

/// Finds all files below a folder, through links as well.
///
/// A file keeps the path that leads to it through the links, so that a link called `images` is an images folder. Every
/// folder is entered once, which also ends circles of links. Real folders come first: what lies in the tree itself is found
/// under its own path, whatever links to it. Hidden files and folders (such as the `._` files of macOS) are left out.
struct FolderSearch {
    /// In no particular order.
    private(set) var files: [String] = []
    private var links: [String] = []
    private var entered: Set<Identity> = []

    init(_ folder: String) {
        enter(folder)
        while !links.isEmpty {
            // Which of two links to one folder counts must not depend on how the disk lists them.
            let next = links.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            links.removeAll()
            next.forEach { enter($0) }
        }
    }

    /// Which folder it is, whatever its path.
    private struct Identity: Hashable {
        let device: UInt64
        let number: UInt64
    }

    /// A folder that may not be read counts as empty: at the root of a disk, `lost+found` is one.
    private mutating func enter(_ folder: String) {
        var status = stat()
        guard stat(folder, &status) == 0 else { return }
        let identity = Identity(
            device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
        guard entered.insert(identity).inserted, let directory = opendir(folder) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let isHidden = entry.pointee.d_name.0 == CChar(bitPattern: UInt8(ascii: "."))
            if isHidden { continue }
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) { String(cString: $0) }
            }
            take("\(folder)/\(name)", type: Int32(entry.pointee.d_type))
        }
    }

    /// - Parameter type: As the folder says, which spares looking at every file; some disks say nothing.
    private mutating func take(_ path: String, type: Int32) {
        switch type {
        case Int32(DT_REG): files.append(path)
        case Int32(DT_DIR): enter(path)
        default:
            if !Self.isFolder(path) {
                files.append(path)
            } else if Self.isLink(path) {
                links.append(path)
            } else {
                enter(path)
            }
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }
}
