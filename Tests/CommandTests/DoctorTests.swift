import Foundation
import LoopbackServer
import Testing
import Torch

@Suite("Doctor", .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct DoctorTests {
    private struct Report: Decodable {
        struct Check: Decodable {
            let subject, status, finding: String
            let advice: String?
        }
        let version: String
        let checks: [Check]
        let problems, warnings: Int
    }

    @Test("a machine that can train has no problem, and nothing is left behind")
    func healthy() throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command("doctor")
            #expect(outcome.status == 0, "\(outcome.output)")
            for word in ["libtorch", Runtime.version, "CUDA", "OpenCV", "CPU", "memory", "working folder"] { #expect(outcome.output.contains(word), "\(word)") }
            #expect(outcome.errors.isEmpty)
            let files = try FileManager.default.contentsOfDirectory(atPath: workshop.folder.path)
            #expect(files.allSatisfy { $0.hasSuffix(".out") || $0.hasSuffix(".err") })
        }
    }

    @Test("--json says the same to programs")
    func json() throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command("doctor", "--json")
            #expect(outcome.status == 0)
            let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
            #expect(report.problems == 0 && report.warnings == report.checks.count { $0.status == "warning" })
            #expect(report.checks.first?.subject == "libtorch" && report.checks.first?.finding.contains(Runtime.version) == true)
            #expect(report.checks.filter { $0.status != "ok" }.allSatisfy { $0.advice != nil })
        }
    }

    @Test("without gnuplot it says so and what to do, and so does a training, once")
    func noGnuplot() throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command.shell("PATH=/nowhere; export PATH; exec \"$YOLOV5\" doctor")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("gnuplot is not in PATH") && outcome.output.contains("apt install gnuplot-nox"), "\(outcome.output)")

            try workshop.drawShapes()
            let arguments = Workshop.arguments(epochs: 1, draws: true).map { "'\($0)'" }.joined(separator: " ")
            let training = try workshop.command.shell("PATH=/nowhere; export PATH; exec \"$YOLOV5\" \(arguments)")
            #expect(training.status == 0)
            let remarks = training.errors.split(separator: "\n").filter { $0.contains("gnuplot") }
            #expect(remarks == ["warning: no charts: gnuplot is not installed (apt install gnuplot-nox)"])
        }
    }

    @Test("a folder that cannot be written is a problem that ends with 1", .enabled(if: FileManager.default.fileExists(atPath: "/proc/self")))
    func readOnly() throws {
        let outcome = try Command(folder: FileManager.default.temporaryDirectory).shell("cd /proc && exec \"$YOLOV5\" doctor")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("problem") && outcome.output.contains("cannot be written"), "\(outcome.output)")
    }

    @Test("only --online asks for releases, at the address that the variable holds")
    func online() throws {
        let server = try LoopbackServer { _ in [.answer(200, body: Array("{\"tag_name\": \"v99.0\"}".utf8))] }
        defer { server.stop() }
        try Workshop.open { workshop in
            func doctor(_ flags: String) throws -> Command.Outcome {
                try workshop.command.shell("YOLOV5_RELEASES_URL=\(server.url("/latest")) exec \"$YOLOV5\" doctor \(flags)")
            }
            #expect(try doctor("").status == 0)
            #expect(server.connections == 0)
            let outcome = try doctor("--online")
            #expect(outcome.status == 0 && outcome.output.contains("99.0 is there"), "\(outcome.output)")
            #expect(server.requests.count == 1)
            let unset = try workshop.command.shell("unset YOLOV5_RELEASES_URL; exec \"$YOLOV5\" doctor --online")
            #expect(unset.status == 0 && unset.output.contains("knows no page of releases"), "\(unset.output)")
        }
    }
}
