import Foundation
import GoldenFixtures
import Testing
import YOLOData
import YOLOModel

@testable import YOLOTraining

@Suite("Hyperparameters")
struct HyperparametersTests {
    @Test("a file changes what it names and leaves the rest")
    func partialFile() throws {
        let read = try Hyperparameters(yaml: "lr0: 0.02\nmosaic: 0  # off\nfl_gamma: 1.5e0\n", file: "mine.yaml")
        var expected = Hyperparameters()
        expected.initialLearningRate = 0.02
        expected.augmentation.mosaic = 0
        expected.loss.focalGamma = 1.5
        #expect(read == expected)
    }

    @Test("an unknown key is named with its line and the nearest known one")
    func unknownKey() {
        #expect(throws: TrainingError.unknownKey("hsv_saturation", file: "mine.yaml", line: 2, nearest: nil)) {
            try Hyperparameters(yaml: "lr0: 0.01\nhsv_saturation: 1\n", file: "mine.yaml")
        }
        let error = #expect(throws: TrainingError.self) {
            try Hyperparameters(yaml: "\nlr0: 0.01\nwarm_up_epochs: 3\n", file: "mine.yaml")
        }
        #expect(error?.description == "mine.yaml:3: unknown key 'warm_up_epochs'; did you mean 'warmup_epochs'?")
    }

    @Test(
        "a value of the wrong kind is named with its key and line",
        arguments: [
            ("lr0: fast", "mine.yaml:1: 'lr0' is 'fast'; expected a number"),
            ("lr0: 0.1\nbox: [1, 2]", "mine.yaml:2: 'box' is a list or map; expected a number"),
            ("fliplr: 50", "mine.yaml:1: 'fliplr' is 50; expected a number between 0.0 and 1.0"),
            ("lr0: '0.1'", "mine.yaml:1: 'lr0' is '0.1'; expected a number"),
            ("nbs: 0", "mine.yaml:1: 'nbs' is 0; expected a number between 1.0 and 1000000.0"),
            ("just text", "mine.yaml: expected lines of the form 'key: value'"),
        ])
    func wrongValue(_ text: String, _ message: String) {
        let error = #expect(throws: TrainingError.self) { try Hyperparameters(yaml: text, file: "mine.yaml") }
        #expect(error?.description == message)
    }

    @Test("what is written reads back, small numbers too")
    func roundTrip() throws {
        var changed = Hyperparameters()
        changed.weightDecay = 1e-5
        changed.augmentation.copyPaste = 0.1
        changed.augmentation.albumentations = 1
        #expect(changed.yaml.contains("weight_decay: 1.0e-05"))  // `1e-05` is a string to readers of YAML 1.1
        #expect(try Hyperparameters(yaml: changed.yaml, file: "hyp.yaml") == changed)
    }

    @Test("the built-in set is found by both names", arguments: ["hyp.scratch-low.yaml", "data/hyps/hyp.scratch-low.yaml"])
    func byName(_ name: String) throws {
        #expect(try Hyperparameters(named: name) == Hyperparameters())
    }

    @Test(
        "the five built-in sets differ from the first in what their names promise",
        arguments: [
            ("hyp.scratch-low.yaml", [0.01, 0.01, 0.5, 1, 4, 0.5, 1, 0, 0]),
            ("hyp.scratch-med.yaml", [0.01, 0.1, 0.3, 0.7, 4, 0.9, 1, 0.1, 0]),
            ("hyp.scratch-high.yaml", [0.01, 0.1, 0.3, 0.7, 4, 0.9, 1, 0.1, 0.1]),
            ("hyp.VOC.yaml", [0.00334, 0.15135, 0.21638, 0.51728, 3.3744, 0.75544, 0.85834, 0.04266, 0]),
            ("hyp.Objects365.yaml", [0.00258, 0.17, 0.299, 0.632, 3.44, 0.491, 1, 0, 0]),
        ])
    func builtIn(_ name: String, _ expected: [Double]) throws {
        let read = try Hyperparameters(named: name)
        let augmentation = read.augmentation
        let values = [
            read.initialLearningRate, read.finalLearningRateFactor, read.loss.classGain, read.loss.objectnessGain,
            read.loss.anchorRatioLimit, augmentation.scale, augmentation.mosaic, augmentation.mixup, augmentation.copyPaste,
        ]
        #expect(values == expected)
        // What the reference never does unasked.
        #expect([augmentation.mosaicOfNine, augmentation.cutout, augmentation.albumentations] == [0, 0, 0])
        try augmentation.validate()
    }

    @Test("a user's own file wins over the built-in set of its name")
    func ownFile() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("hyp.scratch-low.yaml")
        try Data("lr0: 0.5".utf8).write(to: file)
        #expect(try Hyperparameters(named: file.path).initialLearningRate == 0.5)
    }

    @Test("a missing file is an error that names the built-in sets")
    func missing() {
        let error = #expect(throws: TrainingError.self) { try Hyperparameters(named: "nowhere/hyp.mine.yaml") }
        #expect(error?.description.contains("hyp.scratch-low.yaml") == true)
    }

    @Test("opt.yaml carries options and hyperparameters as numbers, flags and text")
    func optionsFile() throws {
        var options = TrainingOptions()
        options.weights = ""
        options.hyperparameters.weightDecay = 1e-5
        let text = try OptionsFile.text(options, folder: "runs/train/exp")
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines[0] == "weights: ''")
        #expect(lines.contains("epochs: 300"))
        #expect(lines.contains("nosave: false"))
        #expect(lines.contains("cache: null"))
        #expect(lines.contains("save_dir: runs/train/exp"))
        #expect(lines.contains("hyp:"))
        #expect(lines.contains("  weight_decay: 1.0e-05"))
        #expect(lines.filter { $0.hasPrefix("  ") }.count == Hyperparameters.keys.count - 1)  // all but anchors
    }

    @Test("'anchors' is rounded, and written only where it asks for something")
    func anchors() throws {
        var read = try Hyperparameters(yaml: "anchors: 3.6\n", file: "mine.yaml")
        #expect(read.anchorCount == 4 && read.yaml.contains("\nanchors: 3.6\n"))
        #expect(try Hyperparameters(yaml: read.yaml, file: "hyp.yaml") == read)
        read.anchorsPerLevel = 0
        #expect(read == Hyperparameters() && read.anchorCount == 0 && !read.yaml.contains("anchors:"))
        #expect(throws: TrainingError.self) { try Hyperparameters(yaml: "anchors: 1e30\n", file: "mine.yaml") }
    }
}
