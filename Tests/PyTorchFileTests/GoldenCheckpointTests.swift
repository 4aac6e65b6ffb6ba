import Foundation
import GoldenFixtures
import Testing

@testable import PyTorchFile

/// Checkpoints that Python wrote, against Python's own description of them.
@Suite(.enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct GoldenCheckpointTests {
    static let official = Fixtures.weights.appendingPathComponent("yolov5n.pt").path

    static func golden(_ name: String) -> String {
        Fixtures.golden.appendingPathComponent("checkpoint/\(name)").path
    }

    @Test("Every value has the type, shape and content that Python sees", arguments: [
        ("tiny-last.pt", "last"), ("tiny-best-stripped.pt", "best_stripped"),
    ])
    func content(file: String, entry: String) throws {
        let expected = try Fixtures.json("checkpoint/checkpoint")[entry]
        var comparison = Comparison()
        let items = expected["items"].exists ? expected["items"] : expected
        let root = try #require(PyTorchFile(path: Self.golden(file)).root.dictionary)
        comparison.compare(root, items, at: entry)
        #expect(comparison.compared > 150)
    }

    @Test("The names that a pickle mentions are listed as they stand there", arguments: [
        ("tiny-last.pt", golden("tiny-last.pt")), ("tiny-best-stripped.pt", golden("tiny-best-stripped.pt")),
        ("official yolov5n.pt", official),
    ])
    func globals(name: String, path: String) throws {
        let expected = try Fixtures.json("checkpoint/checkpoint")["zip_entries"]["\(name).globals"].strings
        #expect(try PyTorchFile(path: path).globalNames == expected)
    }

    @Test("Tensors have the stored elements", arguments: [
        ("tiny-last.pt", "last", "model"), ("tiny-last.pt", "last", "ema"),
        ("tiny-best-stripped.pt", "best_stripped", "model"),
    ])
    func elements(file: String, entry: String, key: String) throws {
        let weights = try StateDictionary(PyTorchFile(path: Self.golden(file)).root[key], named: key)
        for name in ["model.0.conv.weight", "model.5.cv2.bn.running_var", "model.10.anchors", "model.10.m.1.bias"] {
            let expected = try #require(try Fixtures.tensors("checkpoint/checkpoint")["\(entry).\(key).\(name)"])
            let found = try #require(weights[name])
            #expect(found.shape == expected.shape)
            #expect(found.doubles == expected.doubles, "\(name)")
        }
    }

    @Test("The optimizer's momentum is there under integer keys")
    func optimizer() throws {
        let optimizer = try #require(PyTorchFile(path: Self.golden("tiny-last.pt")).root["optimizer"])
        let state = try #require(optimizer["state"]?.dictionary)
        for key in [0, 1, 30] {
            let expected = try #require(
                try Fixtures.tensors("checkpoint/checkpoint")["last.optimizer.state.\(key).momentum_buffer"])
            #expect(state[key]?["momentum_buffer"]?.tensor?.doubles == expected.doubles)
        }
        // In this file the momentum is a NumPy number.
        #expect(optimizer["param_groups"]?[0]?["momentum"]?.double == 0.8)
    }

    @Test("NumPy's arrays are tensors")
    func numPyArray() throws {
        let fitness = try #require(PyTorchFile(path: Self.golden("tiny-last.pt")).root["best_fitness"])
        #expect(fitness.tensor?.dtype == .float64)
        #expect(fitness.tensor?.shape == [1])
        #expect(fitness.double == 0.125)
    }

    @Test("yolov5n.pt lists the state dictionary of PyTorch, name by name")
    func officialStateDictionary() throws {
        let weights = try StateDictionary(PyTorchFile(path: Self.official).root["model"], named: "model")
        let expected = try Fixtures.json("arch/yolov5n")["state_dict"].array
        #expect(weights.entries.map(\.name) == expected.map { $0[0].string })
        #expect(weights.entries.map(\.tensor.shape) == expected.map { $0[1].ints })
        #expect(weights.count == 349)

        let stored = try Fixtures.json("checkpoint/checkpoint")["official_yolov5n"]["model"]["state_dict"]
        for (name, tensor) in weights.entries {
            #expect("torch.\(tensor.dtype)" == stored[name][0].string, "\(name)")
        }
    }

    @Test("yolov5n.pt is intact, its classes are names, its attributes are values")
    func officialAttributes() throws {
        let file = try PyTorchFile(path: Self.official)
        try file.verify()
        let model = try #require(file.root["model"]?.object)
        #expect(model.type == PythonName("models.yolo", "Model"))
        #expect(model["names"]?.list?.count == 80)
        #expect(model["names"]?[0]?.string == "person")
        #expect(model["stride"]?.tensor?.doubles == [8, 16, 32])
        #expect(model["yaml"]?["depth_multiple"]?.double == 0.33)
        #expect(file.root["epoch"]?.int == -1)
        #expect(file.root["optimizer"]?.isNone == true)
    }

    @Test("Opening yolov5n.pt takes milliseconds")
    func openingTime() throws {
        let clock = ContinuousClock()
        let times = try (0..<5).map { _ in
            try clock.measure { _ = try PyTorchFile(path: Self.official) }
        }
        let best = try #require(times.min())
        #expect(best < .milliseconds(25))  // 4 ms on a quiet machine
    }
}

/// Walks a value beside its description in `checkpoint.json`.
private struct Comparison {
    var compared = 0

    mutating func compare(_ value: PickleValue, _ expected: JSON, at path: String) {
        compared += 1
        let type = expected["type"].string
        switch (type, value) {
        case ("NoneType", .none): break
        case ("int", .int(let found)): #expect(found == expected["value"].int, "\(path)")
        case ("float", .double(let found)), ("numpy.float64", .double(let found)):
            // Foundation's JSON reader is one bit off at times.
            #expect(abs(found - expected["value"].double) <= 2 * found.ulp, "\(path)")
        case ("bool", .bool(let found)): #expect(found == expected["value"].bool, "\(path)")
        case ("str", .string(let found)): #expect(found == expected["value"].string, "\(path)")
        case ("torch.Tensor", .tensor(let tensor)), ("torch.nn.parameter.Parameter", .tensor(let tensor)):
            #expect("torch.\(tensor.dtype)" == expected["dtype"].string, "\(path)")
            #expect(tensor.shape == expected["shape"].ints, "\(path)")
            #expect(tensor.requiresGradient == expected["requires_grad"].bool, "\(path)")
        case ("numpy.ndarray", .tensor(let tensor)):
            #expect("\(tensor.dtype)" == expected["dtype"].string, "\(path)")
            #expect(tensor.shape == expected["shape"].ints, "\(path)")
        case ("dict", .dictionary(let dictionary)):
            compare(dictionary, expected["items"], at: path)
        case ("list", .list(let elements)), ("tuple", .tuple(let elements)):
            compare(elements, expected, at: path)
        case (_, .object(let object)):
            #expect(object.type.description == type, "\(path)")
            compare(object, expected, at: path)
        default:
            Issue.record("\(path): found \(value.kind), expected \(type)")
        }
    }

    mutating func compare(_ dictionary: PickleDictionary, _ items: JSON, at path: String) {
        let entries = dictionary.entries.compactMap { entry -> (String, PickleValue)? in
            switch entry.key {
            case .string(let key): (key, entry.value)
            case .int(let key): (String(key), entry.value)
            default: nil
            }
        }
        #expect(entries.map(\.0).sorted() == items.keys, "\(path)")
        for (key, value) in entries where items[key].exists { compare(value, items[key], at: "\(path).\(key)") }
    }

    private mutating func compare(_ elements: [PickleValue], _ expected: JSON, at path: String) {
        if expected["items"].exists {
            #expect(elements.count == expected["items"].array.count, "\(path)")
            for (index, (element, item)) in zip(elements, expected["items"].array).enumerated() {
                compare(element, item, at: "\(path)[\(index)]")
            }
        } else if elements.allSatisfy({ $0.double != nil }) {
            #expect(elements.compactMap(\.double) == expected["value"].doubles, "\(path)")
        } else if elements.allSatisfy({ $0.string != nil }) {
            #expect(elements.compactMap(\.string) == expected["value"].strings, "\(path)")
        } else {
            #expect(elements.count == expected["value"].array.count, "\(path)")
        }
    }

    /// Attributes are described in full, or by the name of their type alone.
    private mutating func compare(_ object: PythonObject, _ expected: JSON, at path: String) {
        let attributes = expected["attributes"]
        #expect(object.state?.dictionary?.entries.compactMap(\.key.string).sorted() == attributes.keys, "\(path)")
        for (key, value) in object.state?.dictionary?.entries ?? [] {
            guard let name = key.string else { continue }
            let attribute = attributes[name]
            if attribute["type"].exists {
                compare(value, attribute, at: "\(path).\(name)")
            } else {
                compared += 1
                #expect(typeName(value) == attribute.string, "\(path).\(name)")
            }
        }
        let names = expected["state_dict"].keys
        guard let weights = try? StateDictionary(.object(object), named: path) else {
            Issue.record("\(path) has no state dictionary")
            return
        }
        #expect(weights.entries.map(\.name).sorted() == names, "\(path)")
        for (name, tensor) in weights.entries {
            compared += 1
            #expect("torch.\(tensor.dtype)" == expected["state_dict"][name][0].string, "\(path).\(name)")
            #expect(tensor.shape == expected["state_dict"][name][1].ints, "\(path).\(name)")
        }
    }

    private func typeName(_ value: PickleValue) -> String {
        switch value {
        case .none: "NoneType"
        case .set: "set"
        case .dictionary(let dictionary): dictionary.isOrderedDict ? "collections.OrderedDict" : "dict"
        case .object(let object): object.type.description
        default: value.kind
        }
    }
}
