import Foundation

/// A form of annotations that can be converted to label files.
///
///     let report = try AnnotationFormat.coco.convert(["annotations/instances_train2017.json"], to: "coco")
///     print(report)                        // then: train --data coco/coco.yaml
public enum AnnotationFormat: String, CaseIterable, Sendable {
    case coco, voc, visdrone, sku110k, globalwheat, argoverse, xview

    /// Writes `images/<split>`, `labels/<split>` and `<name of the folder>.yaml` into a folder, which is made if it is missing.
    ///
    /// The same annotations give the same files, byte for byte. Nothing is written outside the folder, and nothing in it is
    /// replaced unless the options say so.
    /// - Parameters:
    ///   - sources: Files of annotations, or the folders that have them.
    ///   - folder: The data set's folder.
    /// - Throws: `ConversionError` if the annotations cannot be read, or not a single object can be used. What is wrong with
    ///   single objects or images is in the report.
    @discardableResult
    public func convert(
        _ sources: [String], to folder: String, options: ConversionOptions = ConversionOptions()
    ) throws(ConversionError) -> ConversionReport {
        guard !sources.isEmpty else { throw .option("there is nothing to convert: name a file or a folder of annotations") }
        if let problem = misfits(options).first { throw .option(problem) }
        let target = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL.path
        guard target != "/" else { throw .option("the folder to write to is '/'; name one for the data set") }
        let dataset = try read(sources.map { $0.count > 1 && $0.hasSuffix("/") ? String($0.dropLast()) : $0 }, target: target, options)
        var writer = try DatasetWriter(
            dataset, title: "Converted from \(title) annotations by yolov5 data convert.", to: target, options: options)
        var report = try writer.write()
        if dataset.needsSplitting { try split(target, &report) }
        return report
    }

    /// Whether the classes to write can be chosen.
    package var takesNames: Bool { [.coco, .voc].contains(self) }

    /// What of the options does not go with the format.
    public func misfits(_ options: ConversionOptions) -> [String] {
        var problems: [String] = []
        if self != .coco, options.keepsCrowds { problems.append("--keep-crowd is for coco: \(rawValue) has no crowd annotations") }
        if self != .voc, options.keepsDifficult { problems.append("--keep-difficult is for voc: \(rawValue) marks no object as difficult") }
        guard !takesNames else { return problems }
        if options.writesPolygons { problems.append("--polygons is for coco and voc: \(rawValue) has boxes alone") }
        if options.names != nil { problems.append("--names and --data are for coco and voc: \(rawValue) has classes of its own") }
        return problems
    }

    /// What the format is called in texts.
    var title: String {
        switch self {
        case .coco: "COCO"
        case .voc: "Pascal VOC"
        case .visdrone: "VisDrone"
        case .sku110k: "SKU-110K"
        case .globalwheat: "Global Wheat"
        case .argoverse: "Argoverse-HD"
        case .xview: "xView"
        }
    }

    private func read(
        _ sources: [String], target: String, _ options: ConversionOptions
    ) throws(ConversionError) -> AnnotatedDataset {
        switch self {
        case .coco: try COCOFormat(options: options, target: target).read(sources)
        case .voc: try VOCFormat(options: options).read(sources)
        case .visdrone: try VisDroneFormat(options: options).read(sources)
        case .sku110k: try SKU110KFormat(options: options).read(sources)
        case .globalwheat: try GlobalWheatFormat(options: options).read(sources)
        case .argoverse: try ArgoverseFormat(options: options).read(sources)
        case .xview: try XViewFormat(options: options).read(sources)
        }
    }

    /// Draws the validation images of a data set that has none of its own.
    private func split(_ folder: String, _ report: inout ConversionReport) throws(ConversionError) {
        let images = "\(folder)/images/train"
        guard SourceFiles.isFolder(images) else {
            report.notes.append("run 'yolov5 data autosplit \(images)' when the images are there: \(report.yaml) names its lists")
            return
        }
        do throws(DataError) {
            report.notes.append("training and validation images are drawn at random: \(try Autosplit(folder: images).write())")
        } catch {
            throw .unwritable(path: images, reason: "\(error)")
        }
    }
}
