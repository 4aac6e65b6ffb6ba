import Downloads

/// Where the images of a split are, under the names that annotations give them.
struct ImageFolder: Sendable {
    let path: String

    /// Of several places the one that has the most of some images; nil if none has any.
    init?(bestOf candidates: [String], names: [String]) {
        let step = max(1, names.count / 50)
        let some = stride(from: 0, to: names.count, by: step).map { names[$0] }
        var best: (path: String, hits: Int)?
        for candidate in candidates where FileStatus(candidate)?.kind == .folder {
            let folder = ImageFolder(candidate)
            let hits = some.count { folder.find($0) != nil }
            if hits > best?.hits ?? 0 { best = (candidate, hits) }
            if hits == some.count { break }
        }
        guard let best else { return nil }
        path = best.path
    }

    init(_ path: String) { self.path = path }

    /// The file that a name means, and its path below the folder: by its path, or by its last part alone where the images of
    /// all folders were moved into one.
    func find(_ name: String) -> (name: String, path: String)? {
        for spelling in [name, name.lastPart] {
            let file = "\(path)/\(spelling)"
            if FileStatus(file)?.kind == .file { return (spelling, file) }
        }
        return nil
    }

    /// Gives images that are found their places, and the names under which they were found.
    func locate(_ images: inout [AnnotatedImage]) {
        for index in images.indices {
            guard let found = find(images[index].name) else { continue }
            (images[index].name, images[index].path) = found
        }
    }

    /// The image of a name without its suffix.
    func find(stem: String) -> (name: String, path: String)? {
        for suffix in Self.commonFirst {
            let name = "\(stem).\(suffix)"
            if FileStatus("\(path)/\(name)")?.kind == .file { return (name, "\(path)/\(name)") }
        }
        return nil
    }

    private static let commonFirst: [String] = {
        let lower = ["jpg", "png"] + ImagePaths.suffixes.filter { !["jpg", "png"].contains($0) }
        return lower + lower.map { $0.uppercased() }
    }()
}
