import Downloads
import Foundation
import Yams

/// The parsed text of a data set YAML, with the lines that its errors name.
struct DatasetDocument {
    private let file: String
    private let mapping: Node.Mapping
    /// Whether entries are relative to the YAML's folder alone: `path:` is a folder of the machine where it was made.
    private let ignoresPath: Bool

    /// Opens what `--data` names.
    init(named name: String, ignoringPath: Bool = false) throws(DataError) {
        let (file, text) = try Self.text(named: name)
        try self.init(file: file, text: text, ignoringPath: ignoringPath)
    }

    /// The file that a name leads to, and what is in it.
    static func text(named name: String) throws(DataError) -> (file: String, text: String) {
        let tried = name.hasPrefix("/") ? [name] : [name, "data/" + name]
        guard let file = tried.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            // Its paths are those of the working folder.
            if let text = BuiltInDataset.text(named: name) { return (name.lastPart, text) }
            throw .notFound(
                "data set \(name)", tried: tried,
                hint: "give the path of the data set's YAML to --data, or one of the built-in names: "
                    + BuiltInDataset.names.joined(separator: ", "))
        }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw .fileAccess(path: file, reason: "cannot be read")
        }
        return (file, String(decoding: data, as: UTF8.self))
    }

    init(file: String, text: String, ignoringPath: Bool = false) throws(DataError) {
        self.file = file
        ignoresPath = ignoringPath
        let document: Node?
        do {
            document = try Yams.compose(yaml: String(text.withoutByteOrderMark))
        } catch YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _)
        {
            throw .description(file: file, line: mark.line, problem: "not valid YAML: \(problem)")
        } catch {
            throw .description(file: file, line: nil, problem: "not valid YAML: \(error)")
        }
        guard let mapping = document?.mapping else {
            throw .description(file: file, line: nil, problem: "expected the keys train, val and names")
        }
        self.mapping = mapping
    }

    func description() throws(DataError) -> DatasetDescription {
        var description = DatasetDescription(
            file: file, train: try sources("train"), validation: try sources("val"),
            test: value("test") == nil ? [] : try sources("test", mustExist: false), names: try names())
        description.root = root
        return description
    }

    /// The value of a key; nil where it is missing or empty.
    private func value(_ key: String) -> Node? {
        guard let node = mapping[key], node.null == nil else { return nil }
        return node
    }

    private func fail(_ problem: String, at node: Node? = nil) -> DataError {
        .description(file: file, line: node?.mark?.line, problem: problem)
    }
}

// MARK: - Data that has to be fetched

extension DatasetDocument {
    /// Whether one of these entries leads nowhere.
    func lacksData(of keys: [String]) -> Bool {
        keys.contains { key in
            let entries = value(key).map { node in node.sequence.map(Array.init) ?? [node] } ?? []
            return entries.compactMap(\.scalar?.string).contains { existing($0) == nil }
        }
    }

    /// The `path` of the data set, as it is to be opened.
    var root: String {
        let places = [yamlFolder, ""].map { join($0, path) }
        return places.first { !$0.isEmpty && FileManager.default.fileExists(atPath: $0) } ?? places[0]
    }

    /// What `download:` asks for; nil where there is none.
    func downloadSteps() throws(DataError) -> DownloadSteps? {
        guard let node = value("download") else { return nil }
        return try DownloadSteps(node, file: file)
    }
}

// MARK: - Paths

extension DatasetDocument {
    /// - Parameter mustExist: Whether an entry that leads nowhere is an error; otherwise it is for whoever opens it.
    private func sources(_ key: String, mustExist: Bool = true) throws(DataError) -> [String] {
        guard let node = value(key) else {
            throw fail("'\(key):' is missing; it names a folder of images, a .txt list of them, or a list of these")
        }
        var found: [String] = []
        for entry in node.sequence.map(Array.init) ?? [node] {
            guard let text = entry.scalar?.string, !text.isEmpty else {
                throw fail("'\(key):' holds something that is not a path", at: entry)
            }
            found.append(mustExist ? try resolve(text, key: key, at: entry) : existing(text) ?? candidates(for: text)[0])
        }
        guard !found.isEmpty else { throw fail("'\(key):' is an empty list", at: node) }
        return found
    }

    /// Finds an entry of the YAML on disk.
    private func resolve(_ entry: String, key: String, at node: Node) throws(DataError) -> String {
        if let path = existing(entry) { return path }
        let tried = candidates(for: entry)
        let hint = value("download") == nil
            ? "correct 'path:' or '\(key):'" : "'yolov5 train' and 'yolov5 val' fetch it as 'download:' says"
        throw .notFound("'\(key): \(entry)' of \(file)\(node.mark.map { ":\($0.line)" } ?? "")", tried: tried, hint: hint)
    }

    /// The first place where an entry of the YAML is found on disk.
    private func existing(_ entry: String) -> String? {
        candidates(for: entry).first { FileManager.default.fileExists(atPath: $0) }
    }

    private var yamlFolder: String { file.parentFolder }

    private var path: String { ignoresPath ? "" : value("path")?.scalar?.string ?? "" }

    private func candidates(for entry: String) -> [String] {
        // Some exporters write `../train/images` for a folder that lies beside the YAML.
        let spellings = entry.hasPrefix("../") ? [entry, String(entry.dropFirst(3))] : [entry]
        var paths: [String] = []
        for base in ignoresPath ? [yamlFolder] : [yamlFolder, ""] {
            for spelling in spellings {
                let candidate = join(join(base, path), spelling)
                if !paths.contains(candidate) { paths.append(candidate) }
            }
        }
        return paths
    }

    private func join(_ base: String, _ path: String) -> String {
        if path.hasPrefix("/") || base.isEmpty { return path }
        return path.isEmpty ? base : base.hasTrailingSlash ? base + path : "\(base)/\(path)"
    }
}

// MARK: - Classes

extension DatasetDocument {
    /// More than any known data set has; a slip of the keyboard stays below what memory can hold.
    private static let maximumClassCount = 65_536

    func names() throws(DataError) -> [String] {
        let count = try classCount()
        guard let node = value("names") else {
            guard let count else { throw fail("'names:' is missing; it lists the classes") }
            return (0..<count).map { "class\($0)" }
        }
        let listed: [String]
        if let map = node.mapping {
            listed = try names(in: map, at: node)
        } else {
            listed = try names(in: node)
        }
        if let count, count != listed.count {
            throw fail("'names:' has \(listed.count) entries, but 'nc:' says \(count)", at: value("nc"))
        }
        guard !listed.isEmpty else { throw fail("'names:' is empty; a data set has at least one class", at: node) }
        guard listed.count <= Self.maximumClassCount else {
            throw fail("'names:' has \(listed.count) entries; at most \(Self.maximumClassCount) are possible", at: node)
        }
        return listed
    }

    private func classCount() throws(DataError) -> Int? {
        guard let node = value("nc") else { return nil }
        guard let count = node.int, count > 0 else {
            throw fail("'nc:' is the number of classes, found '\(node.scalar?.string ?? "no number")'", at: node)
        }
        guard count <= Self.maximumClassCount else {
            throw fail("'nc:' says \(count); at most \(Self.maximumClassCount) classes are possible", at: node)
        }
        return count
    }

    private func names(in list: Node) throws(DataError) -> [String] {
        guard let entries = list.sequence else {
            throw fail("'names:' is a list of class names, or a map from class numbers to names", at: list)
        }
        var names: [String] = []
        for entry in entries {
            guard let name = entry.scalar?.string else { throw fail("a class name is one word or text", at: entry) }
            names.append(name)
        }
        return names
    }

    private func names(in map: Node.Mapping, at node: Node) throws(DataError) -> [String] {
        var byIndex: [Int: String] = [:]
        for (key, entry) in map {
            guard let index = key.int, index >= 0 else {
                throw fail("'\(key.scalar?.string ?? "")' is no class number; classes are numbered from 0", at: key)
            }
            guard let name = entry.scalar?.string else { throw fail("class \(index) has no name", at: key) }
            byIndex[index] = name
        }
        var names: [String] = []
        for index in 0..<byIndex.count {
            guard let name = byIndex[index] else {
                throw fail(
                    "'names:' has \(byIndex.count) entries but none for class \(index); classes are numbered from 0 without gaps",
                    at: node)
            }
            names.append(name)
        }
        return names
    }
}
