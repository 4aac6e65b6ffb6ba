import ChildProcesses
import Foundation

/// Why there is no chart.
enum ChartFailure: Error, Hashable, CustomStringConvertible {
    case missing
    case cannotStart(reason: String)
    case cannotWrite(reason: String)
    case refused(message: String)
    case crashed(signal: Int32, message: String)
    case tookTooLong(Duration)
    case incomplete(message: String)

    var description: String {
        switch self {
        case .missing: "gnuplot is not installed (apt install gnuplot-nox)"
        case .cannotStart(let reason): "gnuplot cannot be started: \(reason)"
        case .cannotWrite(let reason): "cannot write: \(reason)"
        case .refused(let message): "gnuplot says: \(message)"
        case .crashed(let signal, let message): "gnuplot was ended by signal \(signal)" + (message.isEmpty ? "" : ": \(message)")
        case .tookTooLong(let limit): "gnuplot took longer than \(limit)"
        case .incomplete(let message): "gnuplot wrote no whole picture; is the disk full?" + (message.isEmpty ? "" : " It says: \(message)")
        }
    }
}

/// Runs gnuplot on a script.
struct GnuplotProcess {
    /// A path, or a name to look for in `PATH`.
    let program: String
    let timeLimit: Duration

    /// Runs a script that writes a picture to standard output, and puts the picture at `url` when it is whole.
    func draw(_ script: String, _ format: ChartFormat, to url: URL) throws(ChartFailure) {
        guard let input = FileHandle.unnamedTemporaryFile(), let errors = FileHandle.unnamedTemporaryFile() else {
            throw .cannotWrite(reason: "no temporary file in \(FileManager.default.temporaryDirectory.path): \(lastError())")
        }
        do {
            try input.write(contentsOf: Data(script.utf8))
            try input.seek(toOffset: 0)
        } catch {
            throw .cannotWrite(reason: error.localizedDescription)
        }
        // The folder may hold what others have put there: a link is not followed.
        let partial = url.deletingLastPathComponent().appendingPathComponent(".\(url.lastPathComponent).partial")
        unlink(partial.path)
        let descriptor = open(partial.path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .cannotWrite(reason: lastError()) }
        let output = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var isKept = false
        defer { if !isKept { unlink(partial.path) } }

        // -d: without the user's own settings of gnuplot.
        let ending = ChildProcess.run(program, ["-d"], input: input, output: output, errors: errors, timeLimit: timeLimit)
        let message = Self.message(in: errors)
        switch ending {
        case .exited(0): break
        case .exited: throw .refused(message: message)
        case .killed(let signal): throw .crashed(signal: signal, message: message)
        case .timedOut: throw .tookTooLong(timeLimit)
        case .notStarted(let error): throw error == ENOENT ? .missing : .cannotStart(reason: String(cString: strerror(error)))
        }
        guard Self.isWhole(output, format) else { throw .incomplete(message: message) }
        guard rename(partial.path, url.path) == 0 else { throw .cannotWrite(reason: lastError()) }
        isKept = true
    }

    private func lastError() -> String { String(cString: strerror(errno)) }

    /// The last line that is not empty: gnuplot repeats the faulty line first and says what is wrong with it after that.
    private static func message(in errors: FileHandle) -> String {
        guard let end = try? errors.seekToEnd() else { return "" }
        try? errors.seek(toOffset: end > 2000 ? end - 2000 : 0)
        let text = String(decoding: (try? errors.readToEnd()) ?? Data(), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.last { !$0.isEmpty } ?? ""
    }

    /// gnuplot does not tell by its exit status that the disk was full; the end of the file does.
    private static func isWhole(_ file: FileHandle, _ format: ChartFormat) -> Bool {
        guard let end = try? file.seekToEnd(), end > 100 else { return false }
        try? file.seek(toOffset: end - 32)
        guard let tail = try? file.readToEnd() else { return false }
        return switch format {
        case .png: tail.range(of: Data("IEND".utf8)) != nil
        case .svg: tail.range(of: Data("</svg>".utf8)) != nil
        }
    }
}
