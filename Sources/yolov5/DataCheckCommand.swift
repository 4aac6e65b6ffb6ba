import ArgumentParser
import Foundation
import PrintableText
import YOLOData
import YOLOReporting
import YOLOTraining

struct DataCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read a data set as training would, and say what is in it and what is wrong.",
        discussion: """
            Counts objects by class, split and size, lists what is left out, and compares the images of the splits by content. \
            The exit code is 1 when training would fail. Nothing of the data set is changed.
            """)

    @Argument(help: "Data set YAML, or a .zip with one inside.")
    var data: String

    @Option(name: [.customLong("img"), .customLong("imgsz"), .customLong("img-size")], help: "Training size in pixels, for the sizes of objects.")
    var imageSize = 640

    @Option(help: "File to write every problem to; the console shows the first ones.")
    var report: String?

    @OptionGroup
    var labels: LabelFlags

    func validate() throws {
        guard 1...65_536 ~= imageSize else { throw ValidationError("--img is \(imageSize); a size is 1 to 65536 pixels") }
    }

    func run() throws {
        let console = ConsoleObserver()
        let check = DatasetCheck(try description(), options: labels.options) { console.dataScanDidAdvance(DataScan($0)) }
        for split in check.splits { print(split.summary) }
        if !check.splits.isEmpty { print("\n" + classTable(check)) }
        for split in check.splits { print(sizes(of: split)) }
        printProblems(of: check)
        if let report { try write(check, to: report) }
        if !check.failures.isEmpty { throw Failures(all: check.failures) }
    }

    private func description() throws -> DatasetDescription {
        var description = try DatasetDescription(named: data)
        if labels.isSingleClass { description.mergeClasses() }
        return description
    }

    /// Everything that a training would stop at.
    private struct Failures: Error, CustomStringConvertible {
        let all: [DataError]
        var description: String { "a training would not begin: " + all.map { "\($0)" }.joined(separator: "; and ") }
    }

    private func classTable(_ check: DatasetCheck) -> String {
        let counts = check.splits.map(\.labelCountByClass)
        let names = check.description.names.map { $0.printable(longest: 40) }
        let nameWidth = (names.map(\.count).max() ?? 0) + 2
        func row(_ number: String, _ name: String, _ cells: [String]) -> String {
            let padding = String(repeating: " ", count: max(nameWidth - name.count, 0))
            return number.leftPadded(6) + "  " + name + padding + cells.map { $0.leftPadded(9) }.joined()
        }
        let header = row("class", "name", check.splits.map(\.name))
        let rows = names.indices.map { index in
            row("\(index)", names[index], counts.map { $0.indices.contains(index) ? "\($0[index])" : "-" })
        }
        return ([header] + rows).joined(separator: "\n") + "\n"
    }

    private func sizes(of split: LabeledImageSet) -> String {
        let counts = split.labelCountBySize(imageSize: imageSize)
        return "\(split.name) objects at \(imageSize) pixels: \(counts.small) small, \(counts.medium) medium, \(counts.large) large"
            + (counts.tiny > 0 ? "; \(counts.tiny) of the small under 3 pixels, too small to learn" : "")
    }

    private func printProblems(of check: DatasetCheck) {
        let reports = check.splits.map(\.report).filter { !$0.problems.isEmpty }
        for line in reports.flatMap({ $0.lines(first: 20) }) + check.warnings { print(line) }
        let missing = check.classesWithoutTraining.map { check.description.names[$0].printable(longest: 100) }
        if !missing.isEmpty {
            let more = missing.count > 10 ? " and \(missing.count - 10) more" : ""
            print("classes without a training object: \(missing.prefix(10).joined(separator: ", "))\(more)")
        }
        for leak in check.leaks.prefix(5) {
            print("\(leak.secondSplit) shows an image of \(leak.firstSplit): \(leak.secondPath) is \(leak.firstPath)".printable(longest: 1000))
        }
        if check.leaks.count > 5 { print("and \(check.leaks.count - 5) more images that are in two splits") }
        if reports.isEmpty, check.leaks.isEmpty, check.warnings.isEmpty, check.failures.isEmpty { print("No problem found.") }
    }

    /// What a report begins with: nothing else is ever written over.
    private static let title = "yolov5 data check"

    private func write(_ check: DatasetCheck, to file: String) throws(DataError) {
        if let there = try? FileHandle(forReadingFrom: URL(fileURLWithPath: file)) {
            let start = (try? there.read(upToCount: Self.title.utf8.count)) ?? Data()
            guard start == Data(Self.title.utf8) else {
                throw .fileAccess(path: file, reason: "is there, and is no report of an earlier check; give another name to --report")
            }
        }
        let problems = check.splits.map(\.report).filter { !$0.problems.isEmpty }.map(\.text)
        let leaks = check.leaks.map {
            "\($0.secondPath): the same image as \($0.firstPath) of \($0.firstSplit)".printable(longest: 10_000)
        }
        let others = (check.failures.map { "\($0)" } + check.warnings).map { $0.printable(longest: 10_000) }
        let text = "\(Self.title) \(data.printable(longest: 1000))\n\n" + problems.joined(separator: "\n") + (leaks + others).map { $0 + "\n" }.joined()
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch {
            throw .fileAccess(path: file, reason: "cannot be written: \(error.localizedDescription)")
        }
        print("Report written to \(file)")
    }
}

extension String {
    fileprivate func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(width - count, 0)) + self }
}
