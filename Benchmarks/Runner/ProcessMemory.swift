import Foundation

/// A program that is watched while it runs.
struct WatchedProgram {
    let program: String
    let arguments: [String]

    /// Runs the program to its end and calls `look` with its process number again and again.
    func run(every interval: TimeInterval, _ look: (_ process: Int32) -> Void) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning {
            look(process.processIdentifier)
            Thread.sleep(forTimeInterval: interval)
        }
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let command = ([program] + arguments).joined(separator: " ")
            throw Subprocess.Failure(description: "'\(command)' ended with \(process.terminationStatus)")
        }
    }
}

/// What the kernel says about the memory of processes.
enum ProcessMemory {
    /// Megabytes of a process and all below it, pages that several use shared out between them (PSS).
    static func proportionalMegabytes(ofTree process: Int32) -> Double {
        tree(process).reduce(0) { $0 + kilobytes("Pss:", "/proc/\($1)/smaps_rollup") } / 1024
    }

    /// The most megabytes that were resident for this process at once.
    static var peakMegabytes: Double { kilobytes("VmHWM:", "/proc/self/status") / 1024 }

    /// Megabytes that are resident for a process alone (RSS).
    static func residentMegabytes(of process: Int32) -> Double { kilobytes("VmRSS:", "/proc/\(process)/status") / 1024 }

    private static func tree(_ process: Int32) -> [Int32] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        let children = threads.flatMap { thread in
            text("/proc/\(process)/task/\(thread)/children").split(separator: " ").compactMap { Int32($0) }
        }
        return [process] + children.flatMap(tree)
    }

    private static func kilobytes(_ name: String, _ path: String) -> Double {
        let line = text(path).split(separator: "\n").first { $0.hasPrefix(name) }
        return line.flatMap { Double($0.filter(\.isNumber)) } ?? 0
    }

    /// Empty for a process that has gone.
    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
