import ArgumentParser
import Foundation
import PrintableText
import YOLOData
import YOLOReporting
import YOLOTraining

struct DataConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Convert annotations of other forms to label files.",
        usage: "yolov5 data convert FORMAT SOURCE ... --to FOLDER [--polygons] [--images link|copy|none]",
        discussion: """
            Formats: \(AnnotationFormat.listed).

            Writes labels, links to the images, and a YAML for --data. Objects and images that cannot be used are left out \
            and named; files that are there already stop the conversion before anything is written.
            """)

    @Argument(help: "Form of the annotations.")
    var format: String

    @Argument(help: "Files of annotations, or folders that have them.")
    var sources: [String]

    @Option(help: "Folder of the data set to write.")
    var to: String

    @Option(help: "What to do with the images: link, copy or none.")
    var images: ConversionOptions.Images = .link

    @Option(help: "Folder of the images, if it is not where the format has it.")
    var imageFolder: String?

    @Flag(help: "Write outlines instead of boxes (coco, voc).")
    var polygons = false

    @Option(help: "Class names in the order of their numbers, separated by commas; other classes are left out (coco, voc).")
    var names: String?

    @Option(help: "Data set YAML whose class names are taken (coco, voc).")
    var data: String?

    @Flag(help: "Keep crowd annotations, boxes around many objects (coco).")
    var keepCrowd = false

    @Flag(help: "Keep objects marked as difficult (voc).")
    var keepDifficult = false

    @Flag(help: "Replace label files, links and the YAML of an earlier conversion.")
    var force = false

    func validate() throws {
        guard let known = AnnotationFormat(rawValue: format) else {
            let nearest = NearestName.of(format.lowercased(), among: AnnotationFormat.allCases.map(\.rawValue))
            throw ValidationError(
                "unknown format '\(format)'\(nearest.map { "; did you mean '\($0)'?" } ?? "") Formats: \(AnnotationFormat.listed)")
        }
        if let empty = ([to] + sources).firstIndex(of: "") {
            throw ValidationError(empty == 0 ? "--to is empty; '.' is the working folder" : "the name of a source is empty")
        }
        if names != nil, data != nil { throw ValidationError("--names and --data both give class names; give one of them") }
        if let problem = known.misfits(options(classNames: names == nil && data == nil ? nil : ["given"])).first {
            throw ValidationError(problem)
        }
        if let names { _ = try Self.classNames(names) }
    }

    func run() throws {
        guard let known = AnnotationFormat(rawValue: format) else { return }
        var classNames = try names.map(Self.classNames)
        if let data { classNames = try DatasetDescription.classNames(inFile: data) }
        let report = try known.convert(sources, to: to, options: options(classNames: classNames))
        for problem in report.problems { StandardError.print("warning: \(problem)".printable(longest: 1000)) }
        let more = report.problemCount - report.problems.count
        if more > 0 { StandardError.print("warning: \(more) more problems") }
        for line in report.lines { print(line.printable(longest: 1000)) }
        for note in report.notes { print("note: \(note)".printable(longest: 1000)) }
        print("wrote \(report.yaml) with \(report.names.count) \(report.names.count == 1 ? "class" : "classes"); train with --data \(report.yaml)")
    }

    private func options(classNames: [String]?) -> ConversionOptions {
        var options = ConversionOptions()
        options.images = images
        options.imageFolder = imageFolder
        options.writesPolygons = polygons
        options.names = classNames
        options.keepsCrowds = keepCrowd
        options.keepsDifficult = keepDifficult
        options.replacesFiles = force
        return options
    }

    private static func classNames(_ list: String) throws -> [String] {
        let names = list.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
        if names.contains("") { throw ValidationError("--names '\(list)' has an empty name; expected names separated by commas") }
        if Set(names).count < names.count { throw ValidationError("--names '\(list)' has a name twice") }
        return names
    }
}

extension AnnotationFormat {
    fileprivate static var listed: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
