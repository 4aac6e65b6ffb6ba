import Foundation
import PyTorchFile
import YOLOData
import YOLOModel

/// A training that was stopped, of this program or of Python's YOLOv5, and goes on where its last checkpoint was written.
struct InterruptedRun {
    let checkpoint: Checkpoint
    /// What the run began with, from `opt.yaml` beside the weights or else from the checkpoint.
    var options: TrainingOptions
    let folder: RunFolder
    /// Whether it gets more epochs than its `opt.yaml` says.
    private(set) var isLonger = false
    /// What the run had that does not go on, for the console.
    private(set) var warnings: [String]

    /// The first epoch that is not finished, from 0.
    var firstEpoch: Int { checkpoint.epoch + 1 }

    /// - Parameter path: of `last.pt`; nil for that of the newest run below the working folder.
    /// - Throws: `TrainingError.cannotResume` with what to do instead, or what is wrong with one of the files.
    init(_ path: String?) throws {
        let path = try path.map(Self.weights) ?? Self.newestWeights()
        checkpoint = try WeightsFile.open(path)
        try Self.checkEpoch(of: checkpoint)
        folder = try Self.folder(of: path)
        (options, warnings) = try Self.options(of: checkpoint, in: folder)
        if options.epochs < firstEpoch {
            // Weights that have more epochs behind them train that many more; the reference does one less.
            warnings.append("'\(path)' has \(firstEpoch) epochs behind it, more than 'epochs: \(options.epochs)': so many are added")
            options.epochs += firstEpoch
            isLonger = true
        }
        try checkOptions()
        options.weights = path
        options.configuration = ""
    }

    // MARK: What must be there

    private static func checkEpoch(of checkpoint: Checkpoint) throws(TrainingError) {
        let (path, epoch) = (checkpoint.path, checkpoint.epoch)
        guard epoch >= 0 || (epoch == -1 && checkpoint.startedBatches > 0) else {
            throw .cannotResume(
                path: path,
                reason: "its training is finished. Start a new one from these weights: yolov5 train --weights \(path)")
        }
        guard epoch < OptionLimits.epochs.upperBound else {
            throw .cannotResume(path: path, reason: "its 'epoch' is \(epoch), which no training has")
        }
    }

    /// The run's folder, which holds the weights in a folder of that name.
    private static func folder(of path: String) throws(TrainingError) -> RunFolder {
        let weights = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent()
        guard weights.lastPathComponent == "weights" else {
            throw .cannotResume(
                path: path,
                reason: """
                    it lies outside of its run's folder. Put it back as RUN/weights/last.pt, beside RUN/opt.yaml, or start a new \
                    training from its weights: yolov5 train --weights \(path)
                    """)
        }
        return RunFolder(existing: weights.deletingLastPathComponent())
    }

    private static func options(of checkpoint: Checkpoint, in folder: RunFolder) throws -> OptionsFile.Contents {
        let file = folder.url.appendingPathComponent(OptionsFile.name).path
        if FileManager.default.fileExists(atPath: file) { return try OptionsFile.read(file) }
        guard !checkpoint.options.isNone else {
            throw TrainingError.cannotResume(
                path: checkpoint.path, reason: "the options of its run are neither in '\(file)' nor in the file")
        }
        return try OptionsFile.read(checkpoint.options, of: checkpoint.path)
    }

    /// A run must go on with its own data.
    private func checkOptions() throws(TrainingError) {
        guard DatasetDescription.exists(named: options.data) || DatasetArchive.isNamed(by: options.data) else {
            let working = FileManager.default.currentDirectoryPath
            throw .cannotResume(
                path: checkpoint.path,
                reason: "its data set '\(options.data)' is not found from \(working); go on from where the run began")
        }
    }

    /// The last weights of a run whose folder is named.
    private static func weights(_ path: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return path }
        return (path.hasSuffix("/") ? path : path + "/") + "weights/last.pt"
    }

    /// The network with the weights as the optimizer left them.
    func model(classNames: [String]) throws -> DetectionModel {
        var model = try DetectionModel(checkpoint, preferringCurrent: true)
        guard model.classCount == classNames.count else {
            throw TrainingError.classCountMismatch(
                weights: checkpoint.path, inModel: model.classCount, data: options.data, inData: classNames.count)
        }
        model.classNames = classNames
        return model
    }

    /// One line for the console.
    var summary: String {
        let batch = checkpoint.startedBatches > 0 ? ", batch \(checkpoint.startedBatches)," : ""
        return "Resuming training from \(checkpoint.path) from epoch \(firstEpoch)\(batch) to \(options.epochs) total epochs"
    }

    /// The `last*.pt` below the working folder that was written last.
    private static func newestWeights() throws -> String {
        let working = URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true)
        let files = FileManager.default.enumerator(
            at: working, includingPropertiesForKeys: [.contentModificationDateKey], options: [.skipsHiddenFiles])
        var newest: (url: URL, date: Date)?
        for case let url as URL in files ?? FileManager.DirectoryEnumerator() {
            guard url.lastPathComponent.hasPrefix("last"), url.pathExtension == "pt",
                let date = try? url.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
            else { continue }
            if newest.map({ date > $0.date }) ?? true { newest = (url, date) }
        }
        guard let newest else {
            throw TrainingError.invalidOption(
                "--resume", found: "given without a run", expected: "one, since there is no last.pt below \(working.path)")
        }
        return newest.url.path
    }
}
