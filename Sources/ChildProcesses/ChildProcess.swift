package import Foundation

/// A program that runs beside this one with files as its input and output, so that neither can make the other wait or fail.
///
/// It is started without a fork, which a process with gigabytes of a network's memory could not afford, and gets none of this
/// process's open files. It has a process group of its own: Ctrl-C ends the training, not a half-drawn chart.
package struct ChildProcess {
    package enum Ending: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
        case timedOut
        /// It could not be started, for example because there is no such program (`ENOENT`).
        case notStarted(errno: Int32)
    }

    /// Runs a program to its end, and lets work that needs the processors go first.
    ///
    /// - Parameters:
    ///   - program: a path, or a name to look for in `PATH`.
    ///   - input, output, errors: open files.
    package static func run(
        _ program: String, _ arguments: [String] = [], input: FileHandle, output: FileHandle, errors: FileHandle, timeLimit: Duration
    ) -> Ending {
        // A handle whose last use is its number would be closed before the child has the file.
        withExtendedLifetime((input, output, errors)) {
            run([program] + arguments, files: [input, output, errors].map(\.fileDescriptor), timeLimit: timeLimit)
        }
    }

    /// - Parameter files: what the child has as its files 0, 1 and 2.
    private static func run(_ command: [String], files: [Int32], timeLimit: Duration) -> Ending {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (number, descriptor) in files.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        for descriptor in openDescriptors() where descriptor > STDERR_FILENO {
            posix_spawn_file_actions_addclose(&actions, descriptor)  // one that is closed by then is no error
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let words = command.map { strdup($0) } + [nil]
        let environment = ProcessInfo.processInfo.environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (words + environment).forEach { free($0) } }
        var process = pid_t()
        let status = posix_spawnp(&process, command[0], &actions, &attributes, words, environment)
        guard status == 0 else { return .notStarted(errno: status) }
        setpriority(.init(PRIO_PROCESS.rawValue), id_t(process), 10)
        return wait(for: process, timeLimit: timeLimit)
    }

    private static func openDescriptors() -> [Int32] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        return (names ?? []).compactMap { Int32($0) }
    }

    private static func wait(for process: pid_t, timeLimit: Duration) -> Ending {
        let deadline = ContinuousClock.now + timeLimit
        var pause: UInt32 = 1000  // microseconds
        var status: Int32 = 0
        while true {
            let result = waitpid(process, &status, WNOHANG)
            if result == process { return ending(status) }
            // Somebody else has waited for it, as where SIGCHLD is ignored: what it has written says how it went.
            if result < 0 && errno != EINTR { return .exited(0) }
            if ContinuousClock.now >= deadline {
                kill(-process, SIGKILL)
                while waitpid(process, &status, 0) < 0 && errno == EINTR {}
                return .timedOut
            }
            usleep(pause)
            pause = min(pause * 2, 50_000)
        }
    }

    /// The parts of `waitpid`'s status, whose macros Swift does not see.
    private static func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7F
        return signal == 0 ? .exited((status >> 8) & 0xFF) : .killed(signal: signal)
    }

    /// Whether there is such a program: a path, or a name in `PATH`.
    package static func exists(_ program: String) -> Bool {
        if program.contains("/") { return access(program, X_OK) == 0 }
        let folders = ProcessInfo.processInfo.environment["PATH"] ?? "/bin:/usr/bin"
        return folders.split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    /// What a program writes, or nil if it fails or takes more than ten seconds.
    package static func output(of program: String, _ arguments: [String]) -> String? {
        guard let nothing = FileHandle(forUpdatingAtPath: "/dev/null"), let output = FileHandle.unnamedTemporaryFile() else { return nil }
        let ending = run(program, arguments, input: nothing, output: output, errors: nothing, timeLimit: .seconds(10))
        return ending == .exited(0) ? text(of: output) : nil
    }

    /// Runs a program that reads nothing.
    /// - Returns: how it ended, and what it wrote as output and as errors, in that order of time.
    package static func transcript(
        of program: String, _ arguments: [String], timeLimit: Duration
    ) -> (ending: Ending, text: String) {
        guard let nothing = FileHandle(forUpdatingAtPath: "/dev/null"), let output = FileHandle.unnamedTemporaryFile() else {
            return (.notStarted(errno: ENOSPC), "no temporary file can be made")
        }
        let ending = run(program, arguments, input: nothing, output: output, errors: output, timeLimit: timeLimit)
        if case .notStarted(let number) = ending { return (ending, String(cString: strerror(number))) }
        return (ending, text(of: output) ?? "")
    }

    private static func text(of file: FileHandle) -> String? {
        try? file.seek(toOffset: 0)
        return (try? file.readToEnd()).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension FileHandle {
    /// A file that is gone when it is closed, whatever happens to this program; nil where there is no room for one.
    package static func unnamedTemporaryFile() -> FileHandle? {
        var path = Array((FileManager.default.temporaryDirectory.path + "/yolov5-XXXXXX").utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(path)
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }
}
