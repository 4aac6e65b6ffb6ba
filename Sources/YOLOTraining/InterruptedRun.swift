import Foundation
import PyTorchFile
import YOLOModel

/// A training that was stopped, of this program or of Python's YOLOv5, and goes on where its last checkpoint was written.
struct InterruptedRun {
    let checkpoint: Checkpoint
    /// What the run began with, from `opt.yaml` beside the weights or else from the checkpoint.
    var options: TrainingOptions
    let folder: RunFolder
    /// What the run had that does not go on, for the console.
    let warnings: [String]

    /// The first epoch that is not finished, from 0.
    var firstEpoch: Int { checkpoint.epoch + 1 }

    /// - Parameter path: of `last.pt`; nil for that of the newest run below the working folder.
    /// - Throws: `TrainingError.cannotResume` with what to do instead, or what is wrong with one of the files.
    init(_ path: String?) throws {
        let path = try path.map(Self.weights) ?? Self.newestWeights()
        checkpoint = try WeightsFile.open(path)
        guard checkpoint.epoch < OptionLimits.epochs.upperBound else {
            throw TrainingError.cannotResume(path: path, reason: "its 'epoch' is \(checkpoint.epoch), which no training has")
        }
        guard checkpoint.epoch >= 0 else {
            throw TrainingError.cannotResume(
                path: path,
                reason: "its training is finished. Start a new one from these weights: yolov5 train --weights \(path)")
        }
        let weightsFolder = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent()
        guard weightsFolder.lastPathComponent == "weights" else {
            throw TrainingError.cannotResume(
                path: path,
                reason: """
                    it lies outside of its run's folder. Put it back as RUN/weights/last.pt, beside RUN/opt.yaml, or start a new \
                    training from its weights: yolov5 train --weights \(path)
                    """)
        }
        let folder = weightsFolder.deletingLastPathComponent()
        self.folder = RunFolder(existing: folder)
        let optionsFile = folder.appendingPathComponent(OptionsFile.name).path
        if FileManager.default.fileExists(atPath: optionsFile) {
            (options, warnings) = try OptionsFile.read(optionsFile)
        } else if !checkpoint.options.isNone {
            (options, warnings) = try OptionsFile.read(checkpoint.options, of: path)
        } else {
            throw TrainingError.cannotResume(
                path: path, reason: "the options of its run are neither in '\(optionsFile)' nor in the file")
        }
        guard firstEpoch <= options.epochs else {
            throw TrainingError.cannotResume(
                path: path, reason: "it has done \(firstEpoch) epochs, and its options say 'epochs: \(options.epochs)'")
        }
        guard FileManager.default.fileExists(atPath: options.data) else {
            throw TrainingError.cannotResume(
                path: path,
                reason: "its data set '\(options.data)' is not found from \(FileManager.default.currentDirectoryPath); go on from where the run began")
        }
        options.weights = path
        options.configuration = ""
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
        "Resuming training from \(checkpoint.path) from epoch \(firstEpoch) to \(options.epochs) total epochs"
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
