package import Downloads
package import Foundation

/// Brings a data set to its place, by the steps of its YAML.
///
///     let steps = try DownloadSteps(node, file: "coco128.yaml")
///     try DatasetFetcher(root: "../datasets/coco128", downloader: Downloader()).run(steps)
///
/// Everything stays below the parent of `root`. Steps whose result is there already are left out, so a call that was interrupted
/// is made again. Archives that were fetched are removed once they are unpacked.
package struct DatasetFetcher {
    /// One call of `yolov5 data convert FORMAT SOURCE --to FOLDER`.
    package struct Conversion: Sendable, Hashable {
        package let format: AnnotationFormat
        package let source: String
        package let folder: String
    }

    /// What is going on, for whoever shows it.
    package enum Event: Sendable, Hashable {
        case fetching(url: String, path: String)
        case progress(DownloadProgress)
        case unpacking(path: String, folder: String)
        case converting(Conversion)
        case splitting(folder: String)
        case running(script: String)
    }

    private let root: String
    private let downloader: Downloader
    /// Where scripts of the YAML write to that they print.
    package var scriptOutput = FileHandle.standardOutput
    /// Whether scripts of the YAML may run (`--allow-scripts`).
    package var allowsScripts = false
    /// Converts labels; nil stops with the command to type.
    package var convert: ((Conversion) throws -> Void)?
    /// Splits a folder of images into lists; nil stops with the command to type.
    package var split: ((_ folder: String) throws -> Void)?
    package var report: (Event) -> Void = { _ in }

    /// - Parameter root: `path` of the data set, as it is to be opened: absolute, or relative to the working folder.
    package init(root: String, downloader: Downloader) {
        self.root = URL(fileURLWithPath: root.isEmpty ? "." : root, isDirectory: true).standardizedFileURL.path
        self.downloader = downloader
    }

    /// Runs the steps in their order.
    /// - Throws: `DownloadError`, `ArchiveError`, or `DataError` with the line of the step that cannot be done and what to do.
    package func run(_ steps: DownloadSteps) throws {
        let wasStopped = isMarked
        if steps.canGoOn, downloader.policy == .allowed { mark() }
        for step in steps.steps where !isDone(step, wasStopped: wasStopped) { try run(step, of: steps.file) }
        try? FileManager.default.removeItem(atPath: marker)
    }

    /// Whether an earlier call was stopped on its way, or labels lie there that are still to be converted.
    package func isUnfinished(_ steps: DownloadSteps) -> Bool {
        steps.canGoOn && (isMarked || steps.steps.contains { step in
            guard case .convert(_, let source, _) = step.action, step.unless != nil else { return false }
            return FileManager.default.fileExists(atPath: place(source)) && !isDone(step, wasStopped: false)
        })
    }

    /// A conversion that was stopped has left some of its result.
    private func isDone(_ step: DownloadSteps.Step, wasStopped: Bool) -> Bool {
        if case .convert = step.action, wasStopped { return false }
        return step.unless.map { FileManager.default.fileExists(atPath: place($0)) } ?? false
    }

    // MARK: What is on its way

    /// Lies beside the data set while it is fetched: folders that are there do not say that all is in them.
    private var marker: String { place("../.\(root.lastPart).unfinished") }

    private var isMarked: Bool { FileManager.default.fileExists(atPath: marker) }

    private func mark() {
        let text = "\(root) is not complete. The next call goes on with it; delete this file to take it as it is.\n"
        try? FileManager.default.createDirectory(atPath: marker.parentFolder, withIntermediateDirectories: true)
        // Without the mark, a call that is stopped is not gone on with, which is no reason not to begin.
        try? Data(text.utf8).write(to: URL(fileURLWithPath: marker))
    }

    // MARK: One step

    private func run(_ step: DownloadSteps.Step, of file: String) throws {
        func stop(_ problem: String) -> DataError { .description(file: file, line: step.line, problem: problem) }
        switch step.action {
        case .fetch(let url, let into, let sha256):
            try fetch(url, into: place(into), sha256: sha256, stop)
        case .manual(let url, let what):
            throw stop("\(url) cannot be fetched by a program; get it yourself and put to '\(root)': \(what)")
        case .move(let from, let to):
            try move(place(from), to: place(to), stop)
        case .convert(let format, let from, let to):
            let conversion = Conversion(format: format, source: place(from), folder: place(to))
            guard let convert else {
                throw stop(
                    "the labels are still to be converted: "
                        + "yolov5 data convert \(format.rawValue) \(quoted(conversion.source)) --to \(quoted(conversion.folder))")
            }
            report(.converting(conversion))
            try convert(conversion)
        case .split(let folder):
            guard let split else { throw stop("the images are still to be split: yolov5 data autosplit \(quoted(place(folder)))") }
            report(.splitting(folder: place(folder)))
            try split(place(folder))
        case .script(let text):
            try run(script: text, stop)
        }
    }

    /// A path of a step, which `DownloadSteps` has checked.
    private func place(_ path: String) -> String {
        var parts = path.pathParts.filter { $0 != "." }
        guard parts.first == ".." else { return ([root] + parts).joined(separator: "/") }
        parts.removeFirst()
        let parent = root.parentFolder
        return ([parent == "/" ? "" : parent] + parts).joined(separator: "/")
    }

    /// As a shell takes it for one word: a YAML from elsewhere must not smuggle a command into what its user copies.
    private func quoted(_ word: String) -> String { "'\(word.replacingOccurrences(of: "'", with: #"'\''"#))'" }

    // MARK: Kinds of steps

    private func fetch(_ url: String, into folder: String, sha256: String?, _ stop: (String) -> DataError) throws {
        guard let name = RemoteFile.baseName(of: url) else { throw stop("'\(url)' does not end with the name of a file") }
        let archive = "\(folder)/\(name)"
        let lower = name.lowercased()
        if [".tar.gz", ".tgz", ".tar"].contains(where: lower.hasSuffix) {
            let flags = lower.hasSuffix(".tar") ? "x" : "xz"
            throw stop(
                "tar archives are not unpacked; do it yourself: "
                    + "mkdir -p \(quoted(folder)) && curl -L \(quoted(url)) | tar \(flags) -C \(quoted(folder))")
        }
        let isZip = lower.hasSuffix(".zip")
        let isFetched = !FileManager.default.fileExists(atPath: archive)
        if isFetched {
            if downloader.policy == .allowed { report(.fetching(url: url, path: archive)) }
            let file = RemoteFile(url: url, sha256: sha256, form: isZip ? .zip : nil)
            try downloader.fetch(file, to: archive) { report(.progress($0)) }
        }
        guard isZip else { return }
        report(.unpacking(path: archive, folder: folder))
        try ZipArchive.extractFetched(archive, isNew: isFetched, to: folder)
        if isFetched { try? FileManager.default.removeItem(atPath: archive) }
    }

    private func move(_ from: String, to: String, _ stop: (String) -> DataError) throws {
        let files = FileManager.default
        guard files.fileExists(atPath: from) else {
            // An earlier call did it.
            if files.fileExists(atPath: to) { return }
            throw stop("'\(from)' is not there to be moved; the archive holds something else than its YAML says")
        }
        guard !files.fileExists(atPath: to) else { throw stop("'\(from)' cannot be moved: '\(to)' is there already") }
        do {
            try files.createDirectory(atPath: to.parentFolder, withIntermediateDirectories: true)
            try files.moveItem(atPath: from, toPath: to)
        } catch {
            throw stop("'\(from)' cannot be moved to '\(to)': \((error as NSError).localizedDescription)")
        }
    }

    private func run(script: String, _ stop: (String) -> DataError) throws {
        guard downloader.policy == .allowed else {
            throw stop("'download:' is a script, which --offline forbids to run: \(script.prefix(100))")
        }
        guard allowsScripts else {
            throw stop(
                "'download:' is a script, which runs only if you say so, for it may do anything: read it, then add --allow-scripts. "
                    + "It is: \(script.prefix(100))")
        }
        report(.running(script: script))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.standardOutput = scriptOutput
        process.arguments = script.hasSuffix(".sh") && !script.contains(where: \.isWhitespace) ? [script] : ["-c", script]
        do { try process.run() } catch {
            throw stop("the script of 'download:' cannot be run: \((error as NSError).localizedDescription)")
        }
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw stop("the script of 'download:' ended with status \(process.terminationStatus)")
        }
    }
}
