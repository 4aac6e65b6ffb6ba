import ArgumentParser
import Foundation
import PrintableText
import Torch
import YOLOReporting
import YOLOTraining

/// `yolov5 train …`, `yolov5 val …`, `yolov5 model …`, `yolov5 checkpoint …`, `yolov5 anchors …`, `yolov5 data check …`, `yolov5 doctor`.
struct YOLOv5: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yolov5",
        abstract: "Train, validate and look into YOLOv5 object detectors.",
        version: "yolov5 \(Version.current)",
        subcommands: [
            TrainCommand.self, ValidateCommand.self, ModelCommand.self, CheckpointCommand.self, AnchorsCommand.self,
            DataCommand.self, DoctorCommand.self,
        ])
}

/// Runs the command and turns what happened into an exit code: 0 done, 1 an error with one message, 2 a wrong command line.
@main
enum Entry {
    static func main() {
        // A reader that has seen enough (`yolov5 train | head`) must not end a training.
        signal(SIGPIPE, SIG_IGN)
        if runsNetworks, !asksForHelp { BarrierWaiting.limitSpinning() }
        Runtime.keepFreedMemory()
        let status: Int32
        do {
            try CommandNames.check(CommandLine.arguments.dropFirst())
            var command = try YOLOv5.parseAsRoot(PythonSpelling.arguments())
            try command.run()
            status = 0
        } catch {
            status = report(error)
        }
        // Without the destructors of libtorch, which take longer than the start of the program.
        fflush(nil)
        _exit(status)
    }

    private static var runsNetworks: Bool {
        ["train", "val"].contains(CommandLine.arguments.dropFirst().first) || CommandLine.arguments.contains("--profile")
    }

    /// A run of `--json`, which ends with a line of that kind too.
    private static var tellsPrograms: Bool {
        ["train", "val"].contains(CommandLine.arguments.dropFirst().first) && GivenOptions().names.contains("--json")
    }

    private static var asksForHelp: Bool { CommandLine.arguments.contains { ["-h", "--help"].contains($0) } }

    private static func report(_ error: any Error) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        switch YOLOv5.exitCode(for: error) {
        case .success:
            print(YOLOv5.fullMessage(for: error))
            return 0
        case .validationFailure:
            StandardError.print(YOLOv5.fullMessage(for: error))
            return 2
        default:
            // A message can quote a file that somebody else wrote.
            let message = "\(error)".printable(longest: 4000)
            StandardError.print("error: \(message)")
            if tellsPrograms { try? JSONObserver().runDidFail(message) }
            return 1
        }
    }
}
