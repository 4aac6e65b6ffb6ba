import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
import Torch
@testable import YOLOModel

@Suite("Checkpoints", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct CheckpointTests {
    static let folder = Fixtures.golden.appendingPathComponent("checkpoint")

    @Test("The official yolov5n gives its model, names and weights")
    func official() throws {
        let checkpoint = try Checkpoint(path: OfficialModel.path)
        #expect(checkpoint.epoch == -1)
        #expect(checkpoint.bestFitness == nil)
        #expect(checkpoint.averaged == nil)
        #expect(checkpoint.strides == [8, 16, 32])
        #expect(checkpoint.classNames.count == 80)
        #expect(checkpoint.classNames.first == "person")

        let model = try DetectionModel(checkpoint)
        #expect(model.classNames.last == "toothbrush")
        let summary = "YOLOv5n summary: 270 layers, 1872157 parameters, 1872157 gradients, 4.6 GFLOPs"
        #expect(model.summary().description == summary)
    }

    @Test("Weights of the same name and shape are taken over, and counted")
    func transfer() throws {
        let weights = try Checkpoint(path: OfficialModel.path).weights()
        var configuration = try ModelConfiguration(named: "yolov5n.yaml")
        #expect(try DetectionModel(configuration).transfer(from: weights).description == "Transferred 349/349 items")
        #expect(try DetectionModel(configuration).transfer(from: weights, excluding: ["anchor"]).matched == 348)
        configuration.classCount = 3  // the head's three convolutions and their biases no longer fit
        let model = try DetectionModel(configuration)
        #expect(try model.transfer(from: weights) == WeightTransfer(matched: 343, total: 349))
        let ours: [Float] = try model.stateEntries()[0].tensor.array()
        #expect(ours.map(Double.init) == weights.entries[0].tensor.doubles)
        #expect {
            try model.load(weights, from: "yolov5n.pt")
        } throws: {
            "\($0)" == "'yolov5n.pt': 'model.24.m.0.weight' has shape [255, 64, 1, 1], "
                + "in yolov5n.yaml with 3 classes it has [24, 64, 1, 1]"
        }
    }

    @Test("A training that Python interrupted gives its model, average and numbers", arguments: [
        ("tiny-last.pt", true, "last.model"), ("tiny-last.pt", false, "last.ema"),
        ("tiny-best-stripped.pt", false, "best_stripped.model"),
    ])
    func python(file: String, current: Bool, name: String) throws {
        let golden = try Fixtures.tensors("checkpoint/checkpoint")
        let checkpoint = try Checkpoint(path: Self.folder.appendingPathComponent(file).path)
        #expect(checkpoint.classNames == ["a", "b", "c"])
        #expect(checkpoint.epoch == (file == "tiny-last.pt" ? 0 : -1))
        #expect((checkpoint.bestFitness != nil) == (file == "tiny-last.pt"))
        #expect(checkpoint.averageUpdates == (file == "tiny-last.pt" ? 1 : nil))
        let model = try DetectionModel(checkpoint, preferringCurrent: current)
        for entry in model.stateEntries() {
            guard let expected = golden["\(name).\(entry.name)"] else { continue }
            #expect(try entry.tensor.array(of: Float.self) == expected.floats)
        }
        let input = try #require(golden["input"])
        let images = try Tensor(input.floats, shape: input.shape)
        let output = try withInferenceMode { () throws(TorchError) in try model(images, .inference) }
        expectClose(
            try #require(output.predictions).array(), try #require(golden["\(name).pred"]).floats, absolute: 1e-4)
    }

    @Test("What is written comes back: weights, average, model, names, numbers, plain values")
    func roundTrip() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("last.pt").path
        var model = try DetectionModel(Checkpoint(path: Self.folder.appendingPathComponent("tiny-last.pt").path))
        model.classNames = ["Katze", "犬", "c"]
        try model.useChannelsLast()
        var average = try ModelEMA(of: model, updateCount: 41)
        try withoutGradients { () throws(TorchError) in try model.parameters()[0].fill(0.125) }
        try average.update(from: model)
        let optimizer = SGD([ParameterGroup([("w", model.parameters()[0])], learningRate: 0.5, momentum: 0.9)])
        try Checkpoint(
            model: model, average: average, epoch: 7, bestFitness: 0.375,
            optimizer: OptimizerRecord(optimizer, learningRate: 0.5, initialLearningRate: 0.01), hyperparameters: ["lr0": 0.01],
            options: ["batch_size": 16, "rect": false], trainingState: ["iteration": 12], date: "2022-08-17T00:00:00"
        ).write(to: path)

        let read = try Checkpoint(path: path)
        #expect(read.epoch == 7)
        #expect(read.bestFitness == 0.375)
        #expect(read.averageUpdates == 42)
        #expect(read.classNames == model.classNames)
        #expect(read.configuration == model.configuration)
        #expect(read.strides == model.strides.map(Double.init))
        #expect(read.optimizer?.groups[0].settings["lr"]?.double == 0.5)
        #expect(read.trainingState["iteration"]?.int == 12)
        #expect(read.hyperparameters["lr0"]?.double == 0.01)
        #expect(read.options["rect"]?.bool == false)
        #expect(read.date == "2022-08-17T00:00:00")
        for (current, original) in [(true, model), (false, average.model)] {
            let loaded = try DetectionModel(read, preferringCurrent: current)
            for (ours, expected) in zip(loaded.stateEntries(), original.stateEntries()) {
                #expect(try ours.tensor.array(of: Double.self) == expected.tensor.array(of: Double.self))
            }
        }
    }

    @Test("float16 weights become float32 in the model, elements of any type are copied")
    func types() throws {
        let half = try Tensor([1, 2.5, -3] as [Float]).to(.float16)
        let value = try TensorValue(half)
        #expect(value.dtype == .float16)
        #expect(value.doubles == [1, 2.5, -3])
        #expect(try Tensor(value).scalarType == .float16)
        let target = try Tensor.zeros([3])
        try target.copy(from: value)
        #expect(try target.array(of: Float.self) == [1, 2.5, -3])
        #expect(throws: TorchError.self) { _ = try Tensor(TensorValue(.int8, shape: [1], storage: TensorStorage([1]))) }
    }

    @Test("A file that holds no model says so")
    func noModel() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("x.pt").path
        #expect { _ = try Checkpoint(path: path) } throws: { "\($0)".contains("'\(path)'") }
        try "hello".write(toFile: path, atomically: true, encoding: .utf8)
        #expect { _ = try Checkpoint(path: path) } throws: { "\($0)".contains("is not a PyTorch checkpoint") }
        try PyTorchFile.write(["epoch": 1, "model": .none], to: path)
        #expect { _ = try Checkpoint(path: path) } throws: {
            "\($0)" == "'\(path)': holds no model: 'model' and 'ema' are empty"
        }
        try PyTorchFile.write(["epoch": 1, "model": "weights"], to: path)
        #expect { _ = try Checkpoint(path: path) } throws: {
            "\($0)" == "'\(path)': holds no YOLOv5 model: 'model' is a string, expected a model"
        }
        let empty = TensorValue(.float32, shape: [0], storage: TensorStorage([]))
        try PyTorchFile.write(["model": ["w": .tensor(empty)]], to: path)
        #expect { _ = try DetectionModel(Checkpoint(path: path)) } throws: {
            "\($0)".contains("without the model's description")
        }
    }
}
