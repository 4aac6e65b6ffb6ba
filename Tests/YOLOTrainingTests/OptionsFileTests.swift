import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
import YOLOData
import YOLOModel

@testable import YOLOTraining

@Suite("Options of a run that goes on")
struct OptionsFileTests {
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("opt.yaml")
        try Data(text.utf8).write(to: file)
        try body(file.path)
    }

    @Test("what is written comes back, hyperparameters included")
    func roundTrip() throws {
        var options = TrainingOptions()
        options.weights = "w: 1.pt"
        options.data = "Daten/café.yaml"
        options.epochs = 7
        options.batchSize = 3
        options.imageSize = 96
        options.savesOnlyAtEnd = true
        options.keepsAnchors = true
        options.cache = .ram
        options.cachesValidationOnly = true
        options.patience = 7
        options.savePeriod = 5
        options.saveSteps = 3
        options.drawsNothing = true
        options.device = "0"
        options.optimizer = .adamW
        options.frozenRows = .rows([0, 3])
        options.usesCosineSchedule = true
        options.reusesFolder = true
        options.seed = 12
        options.precision = .bf16
        options.hyperparameters.initialLearningRate = 1e-5
        options.hyperparameters.augmentation.mixup = 0.25
        options.hyperparameters.loss.labelSmoothing = 0.125
        try withFile(OptionsFile.text(options, folder: "runs/x")) { path in
            let read = try OptionsFile.read(path)
            #expect(read.options == options)
            #expect(read.warnings.isEmpty)
        }
        #expect(try OptionsFile.read(OptionsFile.record(options, folder: "runs/x"), of: "last.pt").options == options)
    }

    @Test("Python's file is read", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
    func python() throws {
        let (options, warnings) = try OptionsFile.read(Fixtures.golden.appendingPathComponent("checkpoint/opt.yaml").path)
        #expect(warnings.isEmpty && options.patience == 100 && options.savePeriod == -1 && options.drawsNothing)
        #expect(options.weights.isEmpty && options.configuration == "tiny.yaml" && options.epochs == 1)
        #expect(options.batchSize == 4 && options.imageSize == 64 && options.cache == .none && options.device == "cpu")
        #expect(options.optimizer == .sgd && options.workers == 0 && options.frozenRows == .first(0))
        #expect(options.hyperparameters == Hyperparameters())
        let checkpoint = try Checkpoint(path: Fixtures.golden.appendingPathComponent("checkpoint/tiny-last.pt").path)
        #expect(try OptionsFile.read(checkpoint.options, of: "tiny-last.pt").options.batchSize == 4)
    }

    @Test("what this version lacks, or what makes no sense, is one error with the line", arguments: [
        ("epochs: 3\nsync_bn: true\n", ":2: 'sync_bn' is 'true'"), ("epochs: many\n", ":1: 'epochs' is 'many'"),
        ("optimizer: LBFGS\n", "SGD, Adam, AdamW"), ("freeze: [a]\n", "a list of whole numbers"), ("hyp:\n  lr0: x\n", ":2: 'lr0'"),
        ("batchsize: 4\n", "'batchsize'; did you mean 'batch_size'?"), ("a: 1\na: 2\n", "a key stands twice: a"),
        ("- 1\n", "key: value"), ("a: [1\n", "opt.yaml"),
    ])
    func wrong(text: String, clue: String) throws {
        try withFile(text) { path in
            #expect { _ = try OptionsFile.read(path) } throws: { "\($0)".contains(clue) }
        }
    }

    @Test("names of earlier releases are understood, and unknown ones said")
    func earlier() throws {
        let text = "img_size: [96, 64]\nadam: true\nnotest: true\nlinear_lr: false\ncache_images: true\nlabel_smoothing: 0.25\nturbo: 9\n"
            + "hyp:\n  lr0: 0.5\n"
        try withFile(text) { path in
            let (options, warnings) = try OptionsFile.read(path)
            #expect(options.imageSize == 96 && options.optimizer == .adam && options.validatesOnlyAtEnd)
            #expect(options.usesCosineSchedule && options.cache == .ram)
            // Beside the hyperparameters, wherever these stand in the file.
            #expect(options.hyperparameters.loss.labelSmoothing == 0.25 && options.hyperparameters.initialLearningRate == 0.5)
            #expect(warnings == ["turbo: nothing is known of this option; the run goes on without"])
        }
    }

    @Test("options that stand for endless values end at once")
    func endless() throws {
        var value: PickleValue = ["x"]
        for _ in 0..<100 { value = .list([value, value]) }
        #expect { _ = try OptionsFile.read(["data": value], of: "hostile.pt") } throws: { "\($0)".contains("too large") }
    }
}
