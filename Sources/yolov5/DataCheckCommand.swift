import ArgumentParser
import Foundation
import YOLOData
import YOLOReporting

struct DataCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Read a data set as training would, and say what is in it and what is wrong.",
        discussion: """
            Counts objects by class, split and size, lists what is left out, and compares the images of the splits by content. \
            The exit code is 1 when training would fail. Nothing of the data set is changed.
            """)

    @Argument(help: "Data set YAML.")
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
        let check = try DatasetCheck(DatasetDescription(contentsOf: data), options: labels.options) { scan in
            console.dataScanDidAdvance(DataScan(
                name: scan.name, done: scan.done, total: scan.total, found: scan.found, missing: scan.missing, empty: scan.empty,
                corrupt: scan.corrupt))
        }
        for split in check.splits { print(split.summary) }
        print("\n" + classTable(check))
        for split in check.splits { print(sizes(of: split)) }
        try printProblems(of: check)
    }

    private func classTable(_ check: DatasetCheck) -> String {
        let counts = check.splits.map(\.labelCountByClass)
        let nameWidth = (check.description.names.map(\.count).max() ?? 0) + 2
        func row(_ number: String, _ name: String, _ cells: [String]) -> String {
            let padding = String(repeating: " ", count: max(nameWidth - name.count, 0))
            return number.leftPadded(6) + "  " + name + padding + cells.map { $0.leftPadded(9) }.joined()
        }
        let header = row("class", "name", check.splits.map(\.name))
        let rows = check.description.names.indices.map { index in
            row("\(index)", check.description.names[index], counts.map { $0.indices.contains(index) ? "\($0[index])" : "-" })
        }
        return ([header] + rows).joined(separator: "\n") + "\n"
    }

    private func sizes(of split: LabeledImageSet) -> String {
        let counts = split.labelCountBySize(imageSize: imageSize)
        return "\(split.name) objects at \(imageSize) pixels: \(counts.small) small, \(counts.medium) medium, \(counts.large) large"
            + (counts.tiny > 0 ? "; \(counts.tiny) of the small under 3 pixels, too small to learn" : "")
    }

    private func printProblems(of check: DatasetCheck) throws {
        let reports = check.splits.map(\.report).filter { !$0.problems.isEmpty }
        for line in reports.flatMap({ $0.lines(first: 20) }) + check.splits.compactMap(\.warning) { print(line) }
        if !check.classesWithoutTraining.isEmpty {
            let names = check.classesWithoutTraining.map { check.description.names[$0] }
            let shown = names.prefix(10).joined(separator: ", ") + (names.count > 10 ? " and \(names.count - 10) more" : "")
            print("classes without a training object: \(shown)")
        }
        for leak in check.leaks.prefix(5) {
            print("\(leak.secondSplit) shows an image of \(leak.firstSplit): \(leak.secondPath) is \(leak.firstPath)")
        }
        if check.leaks.count > 5 { print("and \(check.leaks.count - 5) more images that are in two splits") }
        if reports.isEmpty && check.leaks.isEmpty { print("No problem found.") }
        guard let report else { return }
        let text = reports.map(\.text).joined(separator: "\n")
            + check.leaks.map { "\($0.secondPath): the same image as \($0.firstPath) of \($0.firstSplit)\n" }.joined()
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: report), options: .atomic)
        } catch {
            throw DataError.fileAccess(path: report, reason: "cannot be written: \(error.localizedDescription)")
        }
        print("Report written to \(report)")
    }
}

extension String {
    fileprivate func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(width - count, 0)) + self }
}
