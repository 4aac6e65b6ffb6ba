import Detection
import Downloads
import Foundation
import YOLOData
public import YOLOReporting

/// Measures weights on a data set: the command `yolov5 val`.
///
///     var options = ValidationOptions()
///     options.weights = ["runs/train/exp/weights/best.pt"]
///     options.data = "coco128.yaml"
///     let outcome = try ValidationRun(options, observers: [ConsoleObserver()]).run()
///     print(outcome.report.mean.map50)
public struct ValidationRun {
    private let options: ValidationOptions
    private let observers: Observers

    public init(_ options: ValidationOptions, observers: [any TrainingObserver]) {
        self.options = options
        self.observers = Observers(observers)
    }

    /// All tensor work happens on the thread that calls it.
    /// - Throws: for every file or option that is wrong, before anything is written.
    @discardableResult
    public func run() throws -> ValidationOutcome {
        try options.validate()
        defer { observers { try $0.teardown() } }
        let description = RunDescription(
            command: "val", options: options.settings.map { Setting($0.name, $0.value.description) },
            environment: RunEnvironment(device: options.device).description)
        observers { try $0.setupDidStart(description) }
        PictureTools.warnOfMissing(drawsCharts: options.task != .speed)
        options.warnings.forEach(Warning.print)
        let bench = try ValidationBench(options, observers)
        let folder = try RunFolder(project: options.project, name: options.name, reusesExisting: options.reusesFolder)
        try folder.write([bench.set.report])
        var outcome = ValidationOutcome(folder: folder.display)
        switch options.task {
        case .train, .val, .test:
            outcome.measurements = [try bench.measure(bench.candidates, imageSize: options.imageSize, in: folder)]
        case .speed:
            for (candidate, name) in named(bench.candidates) {
                outcome.measurements.append(try bench.measure([candidate], imageSize: options.imageSize, in: folder.part(named: name)))
            }
        case .study:
            for (candidate, name) in named(bench.candidates) { try study(candidate, name, bench, in: folder, &outcome) }
            draw(outcome.measurements, in: folder)
        }
        return outcome
    }

    /// Measures one candidate at all sizes.
    private func study(
        _ candidate: ValidationBench.Candidate, _ name: String, _ bench: ValidationBench, in folder: RunFolder,
        _ outcome: inout ValidationOutcome
    ) throws {
        let data = options.data.lastPart.withoutPathSuffix
        var file = StudyFile(folder.url.appendingPathComponent("study_\(data)_\(name).txt"))
        for size in options.studySizes {
            let measurement = try bench.measure([candidate], imageSize: size, in: folder.part(named: "\(name)-\(size)"))
            outcome.measurements.append(measurement)
            do {
                try file.add(measurement.report)
            } catch {
                throw TrainingError.cannotWrite(path: folder.displayPath(file.url), reason: error.localizedDescription)
            }
        }
        outcome.studies.append(folder.displayPath(file.url))
    }

    /// `study.png`: accuracy against time, a line for each weights file.
    private func draw(_ measurements: [ValidationMeasurement], in folder: RunFolder) {
        let models = Dictionary(grouping: measurements) { $0.weights[0] }.sorted { $0.key < $1.key }.map { weights, measurements in
            StudyChart.Model(name: weights.lastPart, measurements: measurements.map(\.forChart))
        }
        let charts = ChartRenderer(format: .png)
        charts.draw(StudyChart(models), as: "study", in: folder.url)
        charts.finish()
    }

    /// Each candidate with a name of its own: `best`, then `best-2` from another folder.
    private func named(_ candidates: [ValidationBench.Candidate]) -> [(ValidationBench.Candidate, name: String)] {
        var taken: [String] = []
        return candidates.map { candidate in
            var name = candidate.stem, number = 2
            while taken.contains(name) {
                name = "\(candidate.stem)-\(number)"
                number += 1
            }
            taken.append(name)
            return (candidate, name)
        }
    }
}

/// A validation's numbers, and where its files are.
public struct ValidationOutcome: Sendable, Hashable {
    /// The run's folder as a path to type.
    public let folder: String
    /// One, or one for each weights file and image size when speed is measured or sizes are studied.
    public internal(set) var measurements: [ValidationMeasurement] = []
    /// The files that a study is for, one for each weights file.
    public internal(set) var studies: [String] = []

    init(folder: String) { self.folder = folder }

    /// Of the first measurement; there is one.
    public var report: ValidationReport { measurements[0].report }
    /// Sheets of validation images with labels and with predictions.
    public var pictures: [String] { measurements.flatMap(\.pictures) }
}

/// What weights find in a data set at one image size.
public struct ValidationMeasurement: Sendable, Hashable {
    /// One file, or several that predict together.
    public let weights: [String]
    /// In pixels, a multiple of the model's stride.
    public let imageSize: Int
    public let report: ValidationReport
    /// Sheets of validation images with labels and with predictions.
    public let pictures: [String]
    /// The folder of label files, where they are wanted, and their number.
    public let labels: String?
    public let labelFileCount: Int
    /// All detections in COCO's form, where they are wanted.
    public let detections: String?
}

extension ValidationMeasurement {
    fileprivate var forChart: StudyChart.Measurement {
        let results = report.results, speed = report.speed
        return StudyChart.Measurement(
            imageSize: imageSize, precision: results.precision, recall: results.recall, map50: results.map50, map: results.map,
            preprocess: speed.preprocess, inference: speed.inference, nonMaximumSuppression: speed.nonMaximumSuppression)
    }
}

extension RunFolder {
    /// A folder in this one.
    /// - Throws: `TrainingError.cannotCreate`.
    fileprivate func part(named name: String) throws(TrainingError) -> RunFolder {
        let part = url.appendingPathComponent(name, isDirectory: true)
        do {
            try FileManager.default.createDirectory(at: part, withIntermediateDirectories: true)
        } catch {
            throw .cannotCreate(path: displayPath(part), reason: error.localizedDescription)
        }
        return RunFolder(existing: part)
    }
}
