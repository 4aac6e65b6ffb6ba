import Downloads
package import Yams

/// What `download:` of a data set YAML asks for: the steps by which the data gets to its place.
///
///     download: https://example.org/coco128.zip    # unpacked beside `path`
///
///     download:                                    # in this order; folders are relative to `path`
///       - url: https://example.org/images.zip      # unpacked to `into`; without it, beside `path`
///         into: images
///         sha256: 5f1b…                            # optional
///         unless: images/train                     # not needed where this exists; so for every step
///       - manual: https://example.org              # cannot be fetched by a program
///         what: the images, unpacked to images
///         unless: images
///       - move: tracking
///         to: images
///       - convert: voc                             # yolov5 data convert voc FROM --to TO
///         from: VOCdevkit
///         to: .
///       - split: images/train                      # yolov5 data autosplit FOLDER
///
/// A text that begins with `bash` or names a `.sh` file is a script of the user's; Python is not run.
package struct DownloadSteps: Sendable, Hashable {
    package struct Step: Sendable, Hashable {
        package var action: Action
        /// The step is left out where this exists, relative to `path`.
        package var unless: String?
        /// Its line in the YAML, counted from 1.
        package var line: Int?
    }

    /// Folders are relative to `path` of the data set, and lead at most to its parent.
    package enum Action: Sendable, Hashable {
        case fetch(url: String, into: String, sha256: String?)
        case manual(url: String, what: String)
        case move(from: String, to: String)
        case convert(format: AnnotationFormat, from: String, to: String)
        case split(folder: String)
        case script(String)
    }

    package let steps: [Step]

    /// Whether steps that were stopped can be taken up again: nobody knows what a script had done.
    package var canGoOn: Bool {
        !steps.contains { step in
            if case .script = step.action { true } else { false }
        }
    }

    /// The YAML, for messages.
    package let file: String

    /// - Parameters:
    ///   - node: the value of `download:`.
    ///   - file: the YAML that it stands in.
    /// - Throws: `DataError.description` with the line, for what is no such steps; and for Python, with what to do instead.
    package init(_ node: Node, file: String) throws(DataError) {
        self.file = file
        if let text = node.scalar?.string {
            steps = [try Self.step(of: text, StepReader(file: file, line: node.mark?.line))]
            return
        }
        guard let list = node.sequence, !list.isEmpty else {
            throw StepReader(file: file, line: node.mark?.line).fault("'download:' is an address, or a list of steps")
        }
        var steps: [Step] = []
        for entry in list { steps.append(try Self.step(of: entry, file: file)) }
        self.steps = steps
    }

    // MARK: One text

    private static func step(of text: String, _ reader: StepReader) throws(DataError) -> Step {
        let text = String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        if RemoteFile.isAddress(text), !text.contains(where: \.isWhitespace) {
            return Step(action: .fetch(url: try reader.archive(text), into: "..", sha256: nil), line: reader.line)
        }
        let isScriptFile = text.hasSuffix(".sh") && !text.contains(where: \.isNewline)
        if isScriptFile || ["bash ", "sh ", "#!"].contains(where: text.hasPrefix) {
            return Step(action: .script(text), line: reader.line)
        }
        if isPython(text) {
            throw reader.fault(
                "'download:' is Python, which is not run. Let Python's YOLOv5 fetch the data, or give its addresses as steps: "
                    + "download: [{url: https://…/images.zip}]; labels of other formats become YOLO's by 'yolov5 data convert'")
        }
        throw reader.fault(
            "'download:' is an address (http or https), a list of steps, or a script ('bash …'), found '\(text.prefix(60))'")
    }

    private static func isPython(_ text: String) -> Bool {
        text.split(whereSeparator: \.isNewline).contains { line in
            let code = line.drop(while: \.isWhitespace)
            let signs = ["import ", "from ", "def ", "for ", "print(", "exec(", "urls ", "urls=", "download("]
            return signs.contains(where: code.hasPrefix)
        }
    }

    // MARK: One entry of a list

    private static func step(of entry: Node, file: String) throws(DataError) -> Step {
        guard let mapping = entry.mapping else {
            let reader = StepReader(file: file, line: entry.mark?.line)
            if let text = entry.scalar?.string { return try step(of: text, reader) }
            throw reader.fault("a step of 'download:' has keys: 'url', 'manual', 'move', 'convert' or 'split' first")
        }
        let reader = try StepReader(mapping, file: file, line: entry.mark?.line)
        let kinds = ["url", "manual", "move", "convert", "split"].filter { reader.has($0) }
        guard kinds.count == 1 else {
            throw reader.fault("a step of 'download:' has one of the keys 'url', 'manual', 'move', 'convert' and 'split', found "
                + (kinds.isEmpty ? "none" : kinds.joined(separator: " and ")))
        }
        let action: Action
        switch kinds[0] {
        case "url":
            try reader.allow(["url", "into", "sha256", "unless"])
            action = .fetch(
                url: try reader.archive(reader.text("url")), into: try reader.optionalFolder("into") ?? "..",
                sha256: try reader.sha256())
        case "manual":
            try reader.allow(["manual", "what", "unless"])
            action = .manual(url: try reader.address(reader.text("manual")), what: try reader.text("what"))
        case "move":
            try reader.allow(["move", "to", "unless"])
            action = .move(from: try reader.folderInside("move"), to: try reader.folderInside("to"))
        case "convert":
            try reader.allow(["convert", "from", "to", "unless"])
            action = .convert(format: try reader.format(), from: try reader.folder("from"), to: try reader.folder("to"))
        default:
            try reader.allow(["split", "unless"])
            action = .split(folder: try reader.folder("split"))
        }
        let unless = try reader.optionalFolder("unless")
        if case .manual = action, unless == nil {
            throw reader.fault("a 'manual' step says by 'unless' what is there when it is done")
        }
        return Step(action: action, unless: unless, line: reader.line)
    }
}

/// One step's keys.
private struct StepReader {
    let file: String
    let line: Int?
    private var values: [String: String] = [:]

    init(file: String, line: Int?) {
        self.file = file
        self.line = line
    }

    init(_ mapping: Node.Mapping, file: String, line: Int?) throws(DataError) {
        self.init(file: file, line: line)
        for (key, value) in mapping {
            guard let name = key.scalar?.string, let text = value.scalar?.string, !text.isEmpty else {
                throw fault("'\(key.scalar?.string ?? "a key")' of a step is a text")
            }
            values[name] = text
        }
    }

    func fault(_ problem: String) -> DataError { .description(file: file, line: line, problem: problem) }

    func has(_ key: String) -> Bool { values[key] != nil }

    func allow(_ keys: [String]) throws(DataError) {
        guard let unknown = values.keys.filter({ !keys.contains($0) }).min() else { return }
        throw fault("'\(unknown)' is no key of this step; it has \(keys.joined(separator: ", "))")
    }

    func text(_ key: String) throws(DataError) -> String {
        guard let text = values[key] else { throw fault("the step lacks '\(key):'") }
        return text
    }

    func address(_ text: String) throws(DataError) -> String {
        guard RemoteFile.isAddress(text), !text.contains(where: \.isWhitespace) else {
            throw fault("'\(text.prefix(100))' is no address; expected http://… or https://…")
        }
        return text
    }

    /// An address whose last part names a file.
    func archive(_ text: String) throws(DataError) -> String {
        let url = try address(text)
        guard RemoteFile.baseName(of: url) != nil else {
            throw fault("'\(text.prefix(100))' does not end with the name of a file")
        }
        // A file with such a name can be read as commands by other programs.
        guard RemoteFile.baseName(of: url)?.hasPrefix(".") != true else {
            throw fault("'\(text.prefix(100))' names a hidden file")
        }
        return url
    }

    func folder(_ key: String) throws(DataError) -> String { try checked(try text(key), key) }

    /// What lies beside the data set is the user's, and stays where it is.
    func folderInside(_ key: String) throws(DataError) -> String {
        let path = try folder(key)
        guard path.pathParts.first != ".." else { throw fault("'\(key): \(path.prefix(100))' leads out of 'path:'") }
        return path
    }

    func optionalFolder(_ key: String) throws(DataError) -> String? {
        guard let text = values[key] else { return nil }
        return try checked(text, key)
    }

    /// A YAML from elsewhere must not write all over the disk.
    private func checked(_ path: String, _ key: String) throws(DataError) -> String {
        let parts = path.pathParts
        let climbs = parts.dropFirst(parts.first == ".." ? 1 : 0).contains("..")
        guard !path.isAbsolutePath, !climbs, !path.contains("\0") else {
            throw fault("'\(key): \(path.prefix(100))' is relative to 'path:' and leads at most to its parent")
        }
        return path
    }

    func sha256() throws(DataError) -> String? {
        guard let text = values["sha256"] else { return nil }
        guard text.count == 64, text.allSatisfy(\.isHexDigit) else { throw fault("'sha256:' has 64 hexadecimal digits") }
        return text
    }

    func format() throws(DataError) -> AnnotationFormat {
        let name = try text("convert")
        guard let format = AnnotationFormat(rawValue: name) else {
            let known = AnnotationFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw fault("'convert: \(name.prefix(60))' is no format that is read; known are \(known)")
        }
        return format
    }
}
