import Testing

@testable import PyTorchFile

@Suite struct StateDictionaryTests {
    static let tensor = PickleValue.tensor(.floats([1], shape: [1]))

    static func module(
        parameters: PickleDictionary = [:], buffers: PickleDictionary = [:], modules: PickleDictionary = [:],
        transient: [PickleValue] = []
    ) -> PickleValue {
        .object(PythonObject(PythonName("somewhere", "Module"), state: [
            "training": true, "_parameters": .dictionary(parameters), "_buffers": .dictionary(buffers),
            "_non_persistent_buffers_set": .set(transient), "_modules": .dictionary(modules),
        ]))
    }

    @Test("Parameters, then persistent buffers, then children; absent ones are left out")
    func order() throws {
        let child = Self.module(parameters: ["weight": Self.tensor, "bias": nil])
        let model = Self.module(
            parameters: ["scale": Self.tensor], buffers: ["grid": Self.tensor, "mean": Self.tensor, "none": nil],
            modules: ["1": child, "0": child, "gone": nil], transient: ["grid"])
        let state = try StateDictionary(model, named: "model")
        #expect(state.entries.map(\.name) == ["scale", "mean", "1.weight", "0.weight"])
        #expect(state["0.weight"] != nil)
        #expect(state["grid"] == nil)
    }

    @Test("A dictionary of tensors is one already")
    func plainDictionary() throws {
        let state = try StateDictionary(["b": Self.tensor, "a": Self.tensor], named: "model")
        #expect(state.entries.map(\.name) == ["b", "a"])
    }

    @Test("Errors name the place", arguments: [
        (nil, "'model' is missing, expected a model"),
        (3, "'model' is an integer, expected a model"),
        (["a": 1], "'a' is an integer, expected a tensor"),
        (.object(PythonObject(PythonName("builtins", "object"))),
            "'model' is an object of builtins.object, expected a module of PyTorch"),
        (module(modules: ["0": module(parameters: ["w": "text"])]), "'0.w' is a string, expected a tensor"),
        (module(modules: ["0": []]), "'0' is a list, expected a module"),
    ] as [(PickleValue?, String)])
    func errors(value: PickleValue?, expected: String) {
        #expect(message { _ = try StateDictionary(value, named: "model") } == expected)
    }

    @Test("A model whose shared modules multiply without end is refused")
    func doubling() {
        var model = Self.module(parameters: ["w": Self.tensor])
        for _ in 0..<60 { model = Self.module(modules: ["0": model, "1": model]) }
        #expect(message { _ = try StateDictionary(model, named: "model") }?.contains("more than") == true)
    }
}
