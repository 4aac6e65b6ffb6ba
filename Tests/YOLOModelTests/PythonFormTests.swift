import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
import Torch
@testable import YOLOModel

/// What is written is what Python's YOLOv5 would have written, as far as Python can tell.
@Suite("Checkpoints in Python's form", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct PythonFormTests {
    private static let folder = Fixtures.golden.appendingPathComponent("checkpoint")
    private static var unfinished: String { folder.appendingPathComponent("tiny-last.pt").path }

    /// Every module of a tree by its path, as `named_modules()` lists them.
    private static func modules(_ module: PythonObject, _ path: String = "") -> [(path: String, module: PythonObject)] {
        let children = module["_modules"]?.dictionary?.entries ?? []
        return [(path, module)]
            + children.flatMap { key, child -> [(path: String, module: PythonObject)] in
                guard let name = key.string, let child = child.object else { return [] }
                return modules(child, path.isEmpty ? name : "\(path).\(name)")
            }
    }

    @Test("Modules, classes and attributes are those of the reference's own checkpoint")
    func moduleTree() throws {
        let golden = try Fixtures.json("checkpoint/checkpoint")["module_tree_last_model"]
        let model = try DetectionModel(Checkpoint(path: Self.unfinished))
        let stored = try StoredModel(model, isTraining: true, hyperparameters: ["lr0": 0.01])
        let modules = Self.modules(try #require(stored.module))
        // The reference shares one activation object among all convolutions, and so lists it once.
        let ours = modules.filter { golden[$0.path].exists }
        #expect(Set(ours.map(\.path)) == Set(golden.keys))
        #expect(modules.allSatisfy { golden[$0.path].exists || $0.path.hasSuffix(".act") })

        for (path, module) in ours {
            let expected = golden[path]
            #expect("yolov5.\(module.type)" == expected[0].string || "\(module.type)" == expected[0].string, "\(path)")
            for name in expected[1].keys where name != "class_weights" {
                let value = try #require(module[name], "\(path) lacks \(name)")
                #expect(Self.agree(value, expected[1][name]), "\(path).\(name) is \(value)")
            }
        }
    }

    private static func agree(_ value: PickleValue, _ golden: JSON) -> Bool {
        switch value {
        case .none: !golden.exists
        case .bool(let value): golden.bool == value
        case .int(let value): golden.int == value
        case .double(let value): golden.double == value
        case .string(let value): golden.exists && [value, "yolov5.\(value)"].contains(golden.string)
        case .dictionary: golden.string == "<dict>"
        case .tensor: golden.string == "<torch.Tensor>"
        case .list(let elements), .tuple(let elements):
            golden.array.isEmpty ? golden.string == "<list>" : elements.compactMap(\.int) == golden.ints
        default: false
        }
    }

    @Test("Parameters and buffers stand where PyTorch keeps them, absent biases as None")
    func contents() throws {
        let model = try DetectionModel(Checkpoint(path: Self.unfinished))
        let stored = try StoredModel(model, isTraining: true)
        let modules = Dictionary(uniqueKeysWithValues: Self.modules(try #require(stored.module)).map { ($0.path, $0.module) })
        let convolution = try #require(modules["model.0.conv"])
        #expect(convolution["_parameters"]?["bias"]?.isNone == true)
        let weight = try #require(convolution["_parameters"]?["weight"]?.tensor)
        #expect(weight.isParameter && weight.requiresGradient && weight.isContiguous)
        #expect(modules["model.0.bn"]?["_buffers"]?["running_mean"]?.tensor?.isParameter == false)
        #expect(modules["model.0.bn"]?["_buffers"]?["num_batches_tracked"]?.tensor?.dtype == .int64)
        #expect(convolution["training"]?.bool == true)
        let finished = try StoredModel(model, isTraining: false)
        #expect(finished.module?["training"]?.bool == false)
    }

    @Test("The state that Python finds has the model's names, order and numbers, for every layer there is")
    func everyLayer() throws {
        for name in ["yolov5s-ghost", "yolov5s-transformer", "yolov3-tiny", "yolov3-spp"] {
            let model = try DetectionModel(ModelConfiguration(named: "\(name).yaml"))
            let stored = try StoredModel(model, isTraining: true)
            let golden = try Fixtures.json("arch/\(name)")["state_dict"].array
            #expect(stored.state.entries.map(\.name) == golden.map { $0[0].string })
            #expect(stored.state.entries.map(\.tensor.shape) == golden.map { $0[1].ints })
        }
    }

    @Test("The activation is that of the file's convolutions where its YAML does not name one")
    func activation() throws {
        var configuration = try #require(try Checkpoint(path: Self.unfinished).configuration)
        configuration.activation = "nn.LeakyReLU(0.2)"
        let module = try #require(StoredModel(DetectionModel(configuration), isTraining: false).module)
        configuration.activation = nil
        var state = try #require(module.state?.dictionary)
        state.updateValue(PickleValue(configuration.value), forKey: "yaml")
        let early = PythonObject(module.type, state: .dictionary(state))
        let read = try Checkpoint(["model": .object(early)], path: "early.pt")
        #expect(read.configuration?.activation == "nn.LeakyReLU(0.2)")
        #expect(try Checkpoint(path: Self.unfinished).configuration?.activation == nil)
    }

    @Test("Stripping gives the file that Python's strip_optimizer gives")
    func stripped() throws {
        let expected = try Checkpoint(path: Self.folder.appendingPathComponent("tiny-best-stripped.pt").path)
        let ours = try Checkpoint(path: Self.unfinished).stripped()
        #expect(ours.epoch == -1 && ours.optimizer == nil && ours.averaged == nil && ours.averageUpdates == nil)
        #expect(ours.bestFitness == nil && ours.trainingState.isNone)
        let (a, b) = (try ours.weights().entries, try expected.weights().entries)
        #expect(a.map(\.name) == b.map(\.name))
        for (ours, expected) in zip(a, b) {
            #expect(ours.tensor.dtype == expected.tensor.dtype, "\(ours.name)")
            #expect(ours.tensor.doubles == expected.tensor.doubles, "\(ours.name)")
            #expect(!ours.tensor.requiresGradient)
        }
        // Another type is reached from the average itself, not by way of float16.
        let source = try Checkpoint(path: Self.unfinished)
        let wide = try source.stripped(to: .float32).weights().entries
        for (ours, average) in zip(wide, try #require(source.averaged).state.entries) {
            #expect(ours.tensor.doubles == average.tensor.doubles)
        }
        // The strides are no parameters, and stay float32.
        #expect(ours.model?.module?["stride"]?.tensor?.dtype == .float32)
    }

    @Test("Tensors that share memory share it after a conversion")
    func tied() throws {
        let block = TensorStorage([0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])  // 1 and 2 in float32
        let whole = TensorValue(.float32, shape: [2], storage: block)
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("tied.pt").path
        try PyTorchFile.write(["model": ["a": .tensor(whole), "b": .tensor(whole)]], to: path)
        let half = try Checkpoint(path: path).converted(to: .float16).weights()
        let (a, b) = (try #require(half["a"]), try #require(half["b"]))
        #expect(a.doubles == [1, 2] && a.dtype == .float16)
        #expect(a.storage === b.storage)
    }

    @Test("What Python's optimizer remembers is read, and comes back from ours")
    func optimizer() throws {
        let checkpoint = try Checkpoint(path: Self.unfinished)
        let record = try #require(checkpoint.optimizer)
        #expect(record.groups.count == 3)
        #expect(record.memory.count == record.groups.reduce(0) { $0 + $1.parameters.count })
        let model = try DetectionModel(checkpoint)
        let groups = Self.groups(of: model)
        #expect(record.groups.map(\.parameters.count) == groups.map(\.names.count))

        let optimizer = SGD(groups)
        try record.restore(optimizer, from: "tiny-last.pt")
        let ours = try OptimizerRecord(optimizer, learningRate: 0.004, initialLearningRate: 0.01)
        #expect(ours.memory.keys.sorted() == record.memory.keys.sorted())
        for (number, tensors) in record.memory {
            let saved = try #require(ours.memory[number])
            #expect(saved.map(\.name) == tensors.map(\.name))
            #expect(saved[0].tensor.doubles == tensors[0].tensor.doubles)
        }
        #expect(ours.groups[0].settings["nesterov"]?.bool == true)
        #expect(ours.groups[0].settings["initial_lr"]?.double == 0.01)
        #expect(ours.groups.allSatisfy { $0.settings["lr"]?.double == 0.004 })
        #expect(throws: ModelError.self) { try record.restore(Adam(groups, decouplesWeightDecay: false), from: "tiny-last.pt") }
        #expect(throws: ModelError.self) { try record.restore(SGD(Array(groups.dropLast())), from: "tiny-last.pt") }
    }

    @Test("Adam goes on with its moments, to the same bits")
    func adam() throws {
        func twoSteps(restarting: Bool) throws -> [Float] {
            let parameter = try Tensor([1, -2, 3] as [Float])
            try parameter.requireGradient()
            let group = ParameterGroup([("p", parameter)], learningRate: 0.1, momentum: 0.9, weightDecay: 0.01)
            var optimizer = Adam([group], decouplesWeightDecay: true)
            for step in 0..<3 {
                if restarting, step == 2 {
                    let record = try OptimizerRecord(optimizer, learningRate: 0.1, initialLearningRate: 0.1)
                    optimizer = Adam([group], decouplesWeightDecay: true)
                    try #require(OptimizerRecord(record.value)).restore(optimizer, from: "memory")
                }
                try parameter.setGradient(Tensor([0.5, Float(step), -1]))
                try optimizer.step()
            }
            return try parameter.detached().array()
        }
        #expect(try twoSteps(restarting: true) == twoSteps(restarting: false))
    }

    /// Biases, weights, norms, as `smart_optimizer` sorts them.
    private static func groups(of model: DetectionModel) -> [ParameterGroup] {
        let entries = model.stateEntries().filter { $0.role == .parameter }
        func group(_ belongs: (String) -> Bool) -> ParameterGroup {
            ParameterGroup(entries.filter { belongs($0.name) }.map { ($0.name, $0.tensor) }, learningRate: 0.01, momentum: 0.9)
        }
        return [
            group { $0.hasSuffix(".bias") }, group { $0.hasSuffix(".weight") && !$0.contains("bn.") },
            group { $0.hasSuffix("bn.weight") },
        ]
    }
}
