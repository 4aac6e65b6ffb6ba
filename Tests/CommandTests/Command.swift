import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
import YOLOModel

/// The built command, run as a user runs it.
///
/// `$YOLOV5_BINARY` names it (default: `.build/release/yolov5` of this package, which `make build` makes).
struct Command {
    struct Outcome {
        /// Exit code; 128 and the number of the signal that ended the process.
        let status: Int32
        let output: String
        let errors: String
    }

    static let binary: URL = {
        if let path = ProcessInfo.processInfo.environment["YOLOV5_BINARY"], !path.isEmpty { return URL(fileURLWithPath: path) }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return package.appendingPathComponent(".build/release/yolov5")
    }()
    static let isBuilt = FileManager.default.isExecutableFile(atPath: binary.path)
    static let reasonToSkip: Comment = "needs the command: make build, or set YOLOV5_BINARY"

    /// Working folder of the command.
    let folder: URL

    /// Runs `yolov5` with these arguments to its end.
    func callAsFunction(_ arguments: String...) throws -> Outcome { try run(arguments) }

    func run(_ arguments: [String]) throws -> Outcome { try start(arguments).outcome() }

    /// Runs a line of shell in which `$YOLOV5` is the command.
    func shell(_ line: String) throws -> Outcome { try start("/bin/sh", ["-c", line]).outcome() }

    /// Starts `yolov5` and returns at once.
    func start(_ arguments: [String]) throws -> Running { try start(Command.binary.path, arguments) }

    private func start(_ program: String, _ arguments: [String]) throws -> Running {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["YOLOV5": Command.binary.path]) { $1 }
        // Files, not pipes: nobody has to read while the command runs.
        let name = UUID().uuidString
        let output = folder.appendingPathComponent(name + ".out"), errors = folder.appendingPathComponent(name + ".err")
        for file in [output, errors] { try Data().write(to: file) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        return Running(process: process, output: output, errors: errors)
    }

    struct Running {
        let process: Process
        let output: URL
        fileprivate let errors: URL

        func outcome() throws -> Outcome {
            process.waitUntilExit()
            let status = process.terminationStatus
            return Outcome(
                status: process.terminationReason == .uncaughtSignal ? 128 + status : status,
                output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8))
        }
    }
}

/// A folder with eight pictures of the built-in shapes as `tiny.yaml`, for trainings of a few seconds.
struct Workshop {
    let folder: URL
    var command: Command { Command(folder: folder) }

    /// Runs `body` in a workshop that is gone afterwards.
    static func open(_ body: (Workshop) throws -> Void) throws {
        let folder = try Fixtures.temporaryFolder("command")
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(Workshop(folder: folder))
    }

    static let names = "names: [circle, square, triangle, star, cross, ring]"

    /// Draws the pictures.
    func drawShapes() throws {
        try #require(try command("data", "shapes", "shapes").status == 0)
        for (split, count) in [("train", 8), ("val", 4)] {
            let images = (0..<count).map { "./shapes/images/\(split)/\(String(format: "%04d", $0)).jpg\n" }
            try write(images.joined(), to: "\(split).txt")
        }
        try write("train: train.txt\nval: val.txt\n\(Workshop.names)\n", to: "tiny.yaml")
    }

    func write(_ text: String, to name: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Every number in the last weights of a run, tensor after tensor.
    func numbers(of run: String) throws -> [[Double]] {
        let file = folder.appendingPathComponent("runs/train/\(run)/weights/last.pt")
        return try Checkpoint(path: file.path).weights().entries.map(\.tensor.doubles)
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path) }

    func contents(_ name: String) throws -> Data { try Data(contentsOf: folder.appendingPathComponent(name)) }
}
