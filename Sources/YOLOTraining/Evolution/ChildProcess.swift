import Foundation

/// Another program, run without a shell: arguments reach it as they are.
struct ChildProcess {
    private let program: String
    private let arguments: [String]

    init(_ program: String, _ arguments: [String]) {
        (self.program, self.arguments) = (program, arguments)
    }

    /// Waits until the program has ended, or ends it after `limit`. It reads nothing; what it prints is not shown.
    /// - Returns: its exit status, nil if it was stopped or cannot be started, and what it printed.
    func run(for limit: Duration) -> (status: Int32?, output: String) {
        // A file, not a pipe: it never fills up, and children that the program leaves behind do not keep it open for us.
        guard let stream = tmpfile() else { return (nil, "no temporary file can be made") }
        defer { fclose(stream) }
        let output = FileHandle(fileDescriptor: fileno(stream), closeOnDealloc: false)

        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        let hasEnded = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in hasEnded.signal() }
        do { try process.run() } catch { return (nil, (error as NSError).localizedDescription) }

        let (seconds, attoseconds) = limit.components
        let milliseconds = Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000)
        let isInTime = hasEnded.wait(timeout: .now() + .milliseconds(milliseconds)) == .success
        if !isInTime {
            // A child has inherited which signals are blocked and ignored here; this one cannot be.
            kill(process.processIdentifier, SIGKILL)
            hasEnded.wait()
        }
        try? output.seek(toOffset: 0)
        let text = String(decoding: (try? output.read(upToCount: 1 << 16)) ?? Data(), as: UTF8.self)
        return (isInTime && process.terminationReason == .exit ? process.terminationStatus : nil, text)
    }
}
