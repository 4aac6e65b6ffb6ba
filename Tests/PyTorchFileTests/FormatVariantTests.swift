import Testing

@testable import PyTorchFile

/// What versions of PyTorch, NumPy and Python write differently.
@Suite struct FormatVariantTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    private func root(_ body: [UInt8], storage: [UInt8] = FuzzSeeds.storage) throws -> PickleValue {
        try folder.open(pickle: Pickle.header + body + Pickle.stop, storages: ["0": storage]).root
    }

    // MARK: Archives

    @Test("Records that newer versions add are no obstacle")
    func newRecords() throws {
        let pickle = Pickle.header + Pickle.tensor(Pickle.storage(count: 1), shape: [1], strides: [1]) + Pickle.stop
        let file = try folder.open(archive: [
            "best/data.pkl": pickle, "best/data/0": [0, 0, 0xC0, 0x3F], "best/.format_version": [0x31],
            "best/.storage_alignment": [0x36, 0x34], "best/byteorder": Array("little".utf8), "best/version": [0x33, 0x0A],
            "best/.data/serialization_id": [0x30],
        ])
        #expect(file.root.tensor?.doubles == [1.5])
    }

    @Test("Big-endian numbers are turned round, once for a storage")
    func bigEndian() throws {
        func tensor(_ storage: String, key: String, count: Int, _ shape: [Int], _ strides: [Int]) -> [UInt8] {
            Pickle.tensor(Pickle.storage(storage, key: key, count: count), shape: shape, strides: strides)
        }
        let pickle = Pickle.header + Pickle.list(
            tensor("FloatStorage", key: "0", count: 2, [2], [1]), tensor("FloatStorage", key: "0", count: 2, [1, 2], [2, 1]),
            tensor("HalfStorage", key: "1", count: 2, [2], [1]), tensor("LongStorage", key: "2", count: 1, [], []),
            tensor("ByteStorage", key: "3", count: 3, [3], [1])) + Pickle.stop
        let root = try folder.open(archive: [
            "a/data.pkl": pickle, "a/byteorder": Array("big".utf8), "a/data/0": [0x3F, 0xC0, 0, 0, 0xC0, 0, 0, 0],
            "a/data/1": [0x3C, 0, 0xC0, 0], "a/data/2": [0, 0, 0, 0, 0, 0, 1, 2], "a/data/3": [1, 2, 3],
        ]).root
        #expect(root[0]?.tensor?.doubles == [1.5, -2])
        #expect(root[0]?.tensor?.storage === root[1]?.tensor?.storage)
        #expect(root[2]?.tensor?.doubles == [1, -2])
        #expect(root[3]?.double == 258)
        #expect(root[4]?.tensor?.doubles == [1, 2, 3])
    }

    @Test("A big-endian storage of unknown numbers is refused")
    func bigEndianUntyped() {
        let found = message {
            _ = try folder.open(archive: [
                "a/data.pkl": Pickle.header + Pickle.untypedStorage + Pickle.stop, "a/byteorder": Array("big".utf8),
                "a/data/0": FuzzSeeds.storage,
            ])
        }
        #expect(found?.contains("big-endian and it holds a storage that does not tell their size") == true, "\(found ?? "accepted")")
    }

    // MARK: Tensors

    @Test("Storages without a type are bytes, or what the tensor says")
    func untyped() throws {
        let bytes = try #require(root(Pickle.untypedStorage).tensor)
        #expect(bytes.dtype == .uint8)
        #expect(bytes.doubles == FuzzSeeds.storage.map(Double.init))
        func tensor(_ type: String, shape: [Int]) -> [UInt8] {
            Pickle.call(
                "torch._utils", "_rebuild_tensor_v3", Pickle.untypedStorage, Pickle.int(1), Pickle.ints(shape),
                Pickle.ints([1]), Pickle.no, Pickle.noHooks, Pickle.global("torch", type))
        }
        #expect(try root(tensor("int16", shape: [2])).tensor?.doubles == [0x0302, 0x0504])
        #expect(message { _ = try root(tensor("float8_e5m2", shape: [2])) }?.contains("torch.float8_e5m2, a type that is") == true)
        #expect(message { _ = try root(tensor("float32", shape: [4])) }?.contains("outside of its storage of 4") == true)
    }

    @Test("Attributes and classes of tensors are left out")
    func attributes() throws {
        let arguments =
            Pickle.mark + Pickle.storage(count: 4) + Pickle.int(0) + Pickle.ints([2, 2]) + Pickle.ints([2, 1]) + Pickle.no
            + Pickle.noHooks + Pickle.tuple
        func tensor(_ function: String) -> [UInt8] {
            Pickle.call(
                "torch._tensor", "_rebuild_from_type_v2", Pickle.global("torch._utils", function),
                Pickle.global("my.code", "Tensor"), arguments, Pickle.dict(("note", Pickle.string("x"))))
        }
        #expect(try root(tensor("_rebuild_tensor_v2")).tensor?.shape == [2, 2])
        #expect(try root(tensor("_rebuild_sparse_tensor")).object?.type.name == "_rebuild_from_type_v2")
    }

    @Test("Parameters with attributes are parameters")
    func parameters() throws {
        let parameter = try #require(root(Pickle.call(
            "torch._utils", "_rebuild_parameter_with_state",
            Pickle.tensor(Pickle.storage(count: 4), shape: [4], strides: [1]), Pickle.yes, Pickle.noHooks,
            Pickle.dict(("note", Pickle.string("x"))))).tensor)
        #expect(parameter.isParameter && parameter.requiresGradient)
        #expect(parameter.shape == [4])
    }

    // MARK: Python's own

    @Test("Paths are strings", arguments: [
        ("PosixPath", ["/", "data", "coco.yaml"], "/data/coco.yaml"), ("PosixPath", ["runs", "train"], "runs/train"),
        ("PosixPath", ["runs/train"], "runs/train"), ("PosixPath", [], "."), ("PurePosixPath", ["a"], "a"),
        ("WindowsPath", ["C:\\", "yolov5", "best.pt"], "C:\\yolov5\\best.pt"), ("PureWindowsPath", ["a", "b"], "a\\b"),
    ])
    func paths(type: String, parts: [String], expected: String) throws {
        for module in type.hasPrefix("Pure") ? ["pathlib"] : ["pathlib", "pathlib._local"] {
            let path = Pickle.global(module, type) + Pickle.mark + parts.flatMap(Pickle.string) + Pickle.tuple + Pickle.reduce
            #expect(try root(path).string == expected)
        }
    }

    @Test("An OrderedDict keeps its entries, whatever state or arguments it has")
    func orderedDict() throws {
        let state = Pickle.dict(("_metadata", Pickle.noHooks)) + Pickle.build
        let filled = Pickle.noHooks + Pickle.string("b") + Pickle.int(1) + Pickle.setItem + state
        #expect(try root(filled).dictionary?.entries.compactMap(\.key.string) == ["b"])
        #expect(try root(Pickle.noHooks + state).dictionary?.isOrderedDict == true)
        let pairs = Pickle.list(
            Pickle.list(Pickle.string("b"), Pickle.int(1)), Pickle.string("a") + Pickle.int(2) + Pickle.tuple2)
        let old = try #require(root(Pickle.call("collections", "OrderedDict", pairs)).dictionary)
        #expect(old.entries.compactMap(\.key.string) == ["b", "a"])
        #expect(old["a"]?.int == 2)
        #expect(old.isOrderedDict)
        let broken = Pickle.call("collections", "OrderedDict", Pickle.list(Pickle.int(1)))
        #expect(message { _ = try root(broken) }?.contains("OrderedDict is given the wrong arguments") == true)
    }

    @Test("Sizes are tuples, devices and types are names")
    func names() throws {
        #expect(try root(Pickle.call("torch", "Size", Pickle.ints([2, 3]))).list?.compactMap(\.int) == [2, 3])
        let device = try #require(root(Pickle.call("torch", "device", Pickle.string("cuda"), Pickle.int(0))).object)
        #expect(device.type == PythonName("torch", "device"))
        #expect(device.arguments.first?.string == "cuda")
    }

    // MARK: NumPy

    @Test("NumPy's numbers and arrays are read under the names of NumPy 1 and 2, in both byte orders", arguments: [
        "numpy.core", "numpy._core",
    ])
    func numPy(module: String) throws {
        func scalar(_ type: [UInt8], _ bytes: [UInt8]) throws -> PickleValue {
            try root(Pickle.call("\(module).multiarray", "scalar", type, Pickle.bytes(bytes)))
        }
        #expect(try scalar(Pickle.numPyType("f4"), [0, 0, 0xC0, 0x3F]).double == 1.5)
        #expect(try scalar(Pickle.numPyType("f4", order: ">"), [0x3F, 0xC0, 0, 0]).double == 1.5)
        #expect(try scalar(Pickle.numPyType("i8"), [0xFE] + [UInt8](repeating: 0xFF, count: 7)).int == -2)
        #expect(try scalar(Pickle.numPyType("b1", order: "|"), [1]).bool == true)
        #expect(try scalar(Pickle.numPyType("U1"), [0, 0, 0, 0]).object != nil)

        func array(_ type: [UInt8], _ shape: [Int], _ bytes: [UInt8], isFortran: Bool = false) throws -> PickleValue {
            try root(
                Pickle.call("\(module).multiarray", "_reconstruct", Pickle.global("numpy", "ndarray"), Pickle.ints([0]), Pickle.bytes([98]))
                    + Pickle.mark + Pickle.int(1) + Pickle.ints(shape) + type + (isFortran ? Pickle.yes : Pickle.no)
                    + Pickle.bytes(bytes) + Pickle.tuple + Pickle.build)
        }
        #expect(try array(Pickle.numPyType("i2"), [2, 2], [1, 0, 2, 0, 3, 0, 4, 0]).tensor?.doubles == [1, 2, 3, 4])
        #expect(try array(Pickle.numPyType("i2", order: ">"), [2, 2], [0, 1, 0, 2, 0, 3, 0, 4]).tensor?.doubles == [1, 2, 3, 4])
        #expect(try array(Pickle.numPyType("i1", order: "|"), [2, 2], [1, 2, 3, 4], isFortran: true).tensor?.doubles == [1, 3, 2, 4])
        #expect(try array(Pickle.numPyType("u4"), [1], [1, 2, 3, 4]).object != nil)
        #expect(message { _ = try array(Pickle.numPyType("i2"), [1], [1, 0, 2]) }?.contains("ends within a number") == true)

        func buffer(_ order: String) throws -> PickleValue {
            try root(Pickle.call(
                "\(module).numeric", "_frombuffer", Pickle.bytes([1, 0, 2, 0, 3, 0, 4, 0]), Pickle.numPyType("i2"),
                Pickle.ints([2, 2]), Pickle.string(order)))
        }
        #expect(try buffer("C").tensor?.doubles == [1, 2, 3, 4])
        #expect(try buffer("F").tensor?.doubles == [1, 3, 2, 4])
    }

    // MARK: Models

    @Test("Modules of older and newer versions and of any name list their tensors", arguments: [
        ("models.yolo", "Model"), ("models.yolo", "DetectionModel"), ("yolov5.models.yolo", "DetectionModel"),
    ])
    func modules(module: String, name: String) throws {
        let tensor = Pickle.tensor(Pickle.storage(count: 4), shape: [4], strides: [1])
        let model =
            Pickle.global(module, name) + Pickle.emptyTuple + Pickle.newObject
            + Pickle.dict(
                ("_parameters", Pickle.dict(("w", tensor), ("b", Pickle.none))), ("_buffers", Pickle.dict(("m", tensor))),
                ("_modules", Pickle.emptyDict), ("_is_full_backward_hook", Pickle.none), ("_a_later_attribute", Pickle.int(1)))
            + Pickle.build
        let value = try root(model)
        #expect(value.object?.type == PythonName(module, name))
        #expect(try StateDictionary(value, named: "model").entries.map(\.name) == ["w", "m"])
    }
}
