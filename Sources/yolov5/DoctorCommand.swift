import ArgumentParser
import Foundation
import PrintableText
import YOLOTraining

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at what trainings need on this machine, and say what to do where it is missing.",
        discussion: """
            Goes to no network and leaves nothing behind. Ends with 1 where something is missing that trainings do not work without, \
            else with 0.
            """)

    @Flag(help: "Print the same as JSON.")
    var json = false

    @Flag(help: ArgumentHelp("Ask whether there is a newer release, at the address that \(ReleaseCheck.variable) holds."))
    var online = false

    func run() throws {
        var checks = Doctor().examine()
        if online { checks.append(ReleaseCheck().check()) }
        let report = Report(checks)
        print(json ? try report.json() : report.text)
        if report.problems > 0 { throw ExitCode(1) }
    }

    private struct Report: Encodable {
        let version = Version.current
        let checks: [MachineCheck]
        let problems, warnings: Int

        init(_ checks: [MachineCheck]) {
            self.checks = checks
            problems = checks.count { $0.status == .problem }
            warnings = checks.count { $0.status == .warning }
        }

        func json() throws -> String {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }

        /// A line for each check, and one below it for what to do.
        var text: String {
            let width = checks.map(\.subject.count).max() ?? 0
            var lines = ["yolov5-swift \(version)", ""]
            for check in checks {
                lines.append("\(check.status.rawValue.padded(to: 9))\(check.subject.padded(to: width + 2))\(check.finding.printable(longest: 500))")
                if let advice = check.advice { lines.append(String(repeating: " ", count: 9 + width + 2) + "-> " + advice.printable(longest: 500)) }
            }
            return (lines + ["", summary]).joined(separator: "\n")
        }

        private var summary: String {
            func count(_ number: Int, _ name: String) -> String { "\(number) \(name)\(number == 1 ? "" : "s")" }
            switch (problems, warnings) {
            case (0, 0): return "Everything that trainings need is there."
            case (0, _): return "Trainings work here; \(count(warnings, "warning"))."
            default: return "Trainings do not work here: \(count(problems, "problem")), \(count(warnings, "warning"))."
            }
        }
    }
}

extension String {
    /// Spaces behind the text up to `width` columns.
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
