import ChildProcesses
import Foundation

/// A place in Google's or Amazon's cloud storage where an evolution's files lie for workers on other machines (`--bucket`).
///
/// Files are copied by the provider's own program, `gsutil` or `aws`, with the rights that it has been given.
package struct Bucket: Sendable, Hashable {
    /// With the scheme, without a slash at the end.
    let address: String
    private let program: String
    private let arguments: [String]
    /// How long one copy may take: a program without a network may try for hours.
    private let patience: Duration

    /// - Parameters:
    ///   - name: `NAME` or `gs://NAME` for Google's storage, `s3://NAME` for Amazon's; folders may follow.
    ///   - searchPath: folders with programs, as in `$PATH`.
    /// - Throws: `TrainingError.invalidOption` for what is no bucket's name, and where the program is not installed.
    package init(
        _ name: String, searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "", patience: Duration = .seconds(300)
    ) throws(TrainingError) {
        let isAmazon = name.hasPrefix("s3://")
        var path = name[...]
        for scheme in ["gs://", "s3://"] where name.hasPrefix(scheme) { path = name.dropFirst(scheme.count) }
        while path.last == "/" { path.removeLast() }
        // The programs take some characters for patterns.
        guard let first = path.first, first.isLetter || first.isNumber, !path.contains("://"),
            !path.contains(where: { $0.isWhitespace || "*?[]#".contains($0) })
        else { throw .invalidOption("--bucket", found: "'\(name)'", expected: "NAME, gs://NAME or s3://NAME") }
        address = (isAmazon ? "s3://" : "gs://") + path

        let command = isAmazon ? "aws" : "gsutil"
        let candidates = searchPath.split(separator: ":").map { "\($0)/\(command)" }
        guard let program = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw .invalidOption(
                "--bucket", found: name, expected: "the program \(command), which copies the files; it is not installed, or not in $PATH")
        }
        self.program = program
        arguments = isAmazon ? ["s3", "cp"] : ["cp"]
        self.patience = patience
    }

    /// Copies a file of the bucket.
    /// - Returns: false if there is none.
    func download(_ name: String, to file: URL) throws(TransferFailure) -> Bool {
        do {
            try copy("\(address)/\(name)", file.path)
            return true
        } catch where error.isAbsence {
            return false
        }
    }

    func upload(_ file: URL) throws(TransferFailure) {
        try copy(file.path, "\(address)/\(file.lastPathComponent)")
    }

    private func copy(_ source: String, _ destination: String) throws(TransferFailure) {
        let (ending, text) = ChildProcess.transcript(of: program, arguments + [source, destination], timeLimit: patience)
        guard ending != .exited(0) else { return }
        let status: Int32? = if case .exited(let status) = ending { status } else { nil }
        throw TransferFailure(source: source, destination: destination, program: program, status: status, output: text)
    }
}

/// A file that was not copied.
struct TransferFailure: Error, CustomStringConvertible {
    let source, destination: String
    let program: String
    /// Of the program; nil if it did not end by itself, or did not start.
    let status: Int32?
    /// What the program said.
    let output: String

    /// There is no such file. The programs have one status for every failure, so what they say has to tell.
    var isAbsence: Bool {
        let words = output.lowercased()
        let isOfBucket = ["bucketnotfound", "nosuchbucket"].contains { words.contains($0) }
        let signs = ["no urls matched", "matched no objects", "no such", "(404)", "does not exist", "not found"]
        return status == 1 && !isOfBucket && signs.contains { words.contains($0) }
    }

    var description: String {
        let end = status.map { "ended with status \($0)" } ?? "did not end"
        let words = output.split(whereSeparator: \.isNewline).last.map { ": \($0.prefix(300))" } ?? ""
        return "cannot copy '\(source)' to '\(destination)': \(program) \(end)\(words)"
    }
}
