import Foundation

extension ZipArchive {
    /// Unpacks everything into `folder`, which is made if it is not there.
    ///
    /// Everything is unpacked beside its place first, and moved there when all of it is whole. Where moving fails, what was moved
    /// is taken back: a failure leaves nothing of the archive behind. A file that is there already stays as it is; one of other
    /// content is an error.
    /// - Parameter progress: called with the bytes that are unpacked so far, and those of everything.
    package func extract(
        to folder: String, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ArchiveError) {
        let destination = folder.utf8.count > 1 && folder.hasTrailingSlash ? String(folder.dropLast()) : folder
        try Self.makeFolder(destination)
        let staging = try StagingFolder(in: destination, for: file.path, destination: destination)
        let total = entries.reduce(0) { $0 + $1.size }  // checked against limits when the directory was read
        if let free = staging.freeSpace, free < total { throw .noSpace(path: file.path, needed: total, free: free) }
        try checkPlace(in: destination)

        var unpacked = 0
        var folders: Set<String> = []
        for entry in entries {
            let target = "\(staging.path)/\(entry.path)"
            let parent = entry.isFolder ? target : target.parentFolder
            if folders.insert(parent).inserted { try Self.makeFolder(parent) }
            guard !entry.isFolder else { continue }
            try unpack(entry, to: target, total) { bytes in
                unpacked += bytes
                progress(unpacked, total)
            }
        }
        try checkContents(in: destination)
        var moves: [Move] = []
        do throws(ArchiveError) {
            try move(contentsOf: staging.path, to: destination, &moves)
        } catch {
            for move in moves.reversed() { rename(move.to, move.from) }
            throw error
        }
    }

    /// Unpacks an archive that was fetched.
    ///
    /// A damaged one would stand in the way of its own replacement, so it is removed if it came just now. One that was there
    /// before may be the user's.
    /// - Parameter isNew: whether it came just now.
    package static func extractFetched(_ path: String, isNew: Bool, to folder: String) throws(ArchiveError) {
        do throws(ArchiveError) {
            try ZipArchive(path: path).extract(to: folder)
        } catch {
            guard case .damaged(path, let reason) = error else { throw error }
            let isRemoved = isNew && unlink(path) == 0
            throw .arrivedDamaged(path: path, reason: reason, isRemoved: isRemoved)
        }
    }

    // MARK: One entry

    private func unpack(
        _ entry: Entry, to target: String, _ total: Int, progress: (Int) -> Void
    ) throws(ArchiveError) {
        let output = open(target, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
        guard output >= 0 else { throw failure(errno, at: entry.path, total) }
        defer { close(output) }
        var size = 0
        var checksum = EntryChecksum()
        func take(_ bytes: UnsafeRawBufferPointer) throws(ArchiveError) {
            guard bytes.count <= entry.size - size else {
                throw .damaged(
                    path: file.path, reason: "its entry '\(entry.path)' has more than the \(entry.size) bytes that it claims")
            }
            size += bytes.count
            checksum.update(bytes)
            try write(bytes, to: output, entry, total)
            progress(bytes.count)
        }
        try unpackedBytes(of: entry, take)
        guard size == entry.size, checksum.value == entry.checksum else {
            throw .damaged(path: file.path, reason: "its entry '\(entry.path)' does not match its checksum")
        }
    }

    private func unpackedBytes(
        of entry: Entry, _ take: (UnsafeRawBufferPointer) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        let subject = "its entry '\(entry.path)'"
        let data = try data(of: entry)
        guard entry.isDeflated else {
            return try file.stream(data, of: subject) { (piece) throws(ArchiveError) in
                try piece.withUnsafeBufferPointer { (raw) throws(ArchiveError) in try take(UnsafeRawBufferPointer(raw)) }
            }
        }
        let inflater: Inflater
        do throws(Inflater.Fault) { inflater = try Inflater() } catch {
            throw .cannotRead(path: file.path, reason: "there is no memory to unpack it")
        }
        var isSound = true
        try file.stream(data, of: subject) { (piece) throws(ArchiveError) in
            guard isSound else { return }
            switch try inflater.inflate(piece, take) {
            case .success(let used): isSound = used == piece.count
            case .failure: isSound = false
            }
        }
        guard isSound, inflater.isFinished else { throw .damaged(path: file.path, reason: "\(subject) cannot be unpacked") }
    }

    private func write(_ bytes: UnsafeRawBufferPointer, to output: Int32, _ entry: Entry, _ total: Int) throws(ArchiveError) {
        do throws(WriteFailure) { try writeWhole(bytes, to: output) } catch { throw failure(error.code, at: entry.path, total) }
    }

    private func failure(_ code: Int32, at path: String, _ total: Int) -> ArchiveError {
        switch code {
        case ENOSPC, EDQUOT: .noSpace(path: file.path, needed: total, free: nil)
        default: .cannotWrite(path: path, reason: systemMessage(code))
        }
    }

    // MARK: The place where they go

    /// Looks, before anything is unpacked, for what could not be moved to its place afterwards.
    private func checkPlace(in destination: String) throws(ArchiveError) {
        var folders: Set<String> = []
        for entry in entries {
            // An archive need not list its folders.
            var folder = entry.isFolder ? entry.path : entry.path.parentFolder
            while !folder.isEmpty, folders.insert(folder).inserted {
                try checkPlace("\(destination)/\(folder)") { $0.st_mode & S_IFMT == S_IFDIR }
                folder = folder.parentFolder
            }
            guard !entry.isFolder else { continue }
            try checkPlace("\(destination)/\(entry.path)") {
                $0.st_mode & S_IFMT != S_IFDIR && Int($0.st_size) == entry.size
            }
        }
    }

    /// - Parameter fits: whether what is there already may stay.
    private func checkPlace(_ place: String, fits: (stat) -> Bool) throws(ArchiveError) {
        var status = stat()
        // A link that leads nowhere is in the way as well.
        let isFree = stat(place, &status) == 0 ? fits(status) : !isTaken(place)
        guard isFree else { throw .fileExists(path: file.path, file: place) }
    }

    /// Whether the files that are there already are those of the archive.
    private func checkContents(in destination: String) throws(ArchiveError) {
        for entry in entries where !entry.isFolder {
            let place = "\(destination)/\(entry.path)"
            guard FileManager.default.fileExists(atPath: place) else { continue }
            let found = try ZipFile(path: place)
            var checksum = EntryChecksum()
            try found.stream(0..<found.count, of: "'\(place)'") { piece in piece.withUnsafeBytes { checksum.update($0) } }
            guard found.count == entry.size, checksum.value == entry.checksum else {
                throw .fileExists(path: file.path, file: place)
            }
        }
    }

    private struct Move {
        let from, to: String
    }

    /// Moves what is in one folder into another; whole folders at once where there is none of that name.
    /// - Parameter moves: gets what was moved.
    private func move(contentsOf source: String, to destination: String, _ moves: inout [Move]) throws(ArchiveError) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: source).sorted() } catch {
            throw .cannotWrite(path: destination, reason: "\(source) cannot be read")
        }
        for name in names {
            let from = "\(source)/\(name)", to = "\(destination)/\(name)"
            guard isTaken(to) else {
                guard rename(from, to) == 0 else { throw .cannotWrite(path: to, reason: systemMessage(errno)) }
                moves.append(Move(from: from, to: to))
                continue
            }
            // What came between the checks and now must not hide what is in the archive.
            guard let isFolder = Self.isFolder(from), isFolder == Self.isFolder(to) else { throw .fileExists(path: file.path, file: to) }
            if isFolder { try move(contentsOf: from, to: to, &moves) }  // a file that is there is the same
        }
    }

    /// Whether a path leads to a folder, rather than to something else; nil where it leads nowhere.
    private static func isFolder(_ path: String) -> Bool? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT == S_IFDIR : nil
    }

    private static func makeFolder(_ path: String) throws(ArchiveError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .cannotWrite(path: path, reason: (error as NSError).localizedDescription)
        }
    }
}
