import Foundation
import Testing

@testable import PyTorchFile

/// What is written here, as Python's own PyTorch reads it.
///
/// `$YOLOV5_PEER` names a virtual environment with `torch` in it.
@Suite(.enabled(if: Python.isAvailable, "needs Python with torch; set YOLOV5_PEER to its virtual environment"))
struct PythonInteropTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    private static func value() throws -> PickleValue {
        var tensors: [(String, PickleValue)] = TensorValue.DType.allCases.map { dtype in
            let bytes = [UInt8](repeating: 1, count: 6 * dtype.size)
            return (dtype.rawValue, .tensor(TensorValue(dtype, shape: [2, 3], storage: TensorStorage(bytes))))
        }
        let base = TensorValue.floats([1, 2, 3, 4, 5, 6], shape: [2, 3])
        let view = try TensorValue(checking: .float32, shape: [3, 2], strides: [1, 3], offset: 0, storage: base.storage)
        tensors += [
            ("base", .tensor(base)), ("view", .tensor(view)),
            ("single", .tensor(TensorValue.floats([2.5], shape: []))),
            ("empty", .tensor(TensorValue.floats([], shape: [0, 4]))),
            ("parameter", .tensor(TensorValue(
                .float32, shape: [2], storage: TensorStorage([0, 0, 128, 63, 0, 0, 0, 64]), isParameter: true,
                requiresGradient: true))),
        ]
        return [
            "tensors": .dictionary(PickleDictionary(tensors, isOrderedDict: true)),
            "plain": ["none": nil, "yes": true, "int": -70_000, "long": .int(1 << 40), "float": 0.1, "text": "größe"],
            "list": [1, .tuple([1, 2, 3, 4]), .tuple([]), []], "bytes": .bytes([0, 200]), "set": .set([1, 2]),
            "keys": .dictionary(PickleDictionary([(.int(0), "zero"), (.int(300), "many")])),
        ]
    }

    private static let check = """
        import sys, torch
        for path in sys.argv[1:]:
            c = torch.load(path, map_location="cpu", weights_only=True)
            t = c["tensors"]
            assert type(t).__name__ == "OrderedDict" and list(t)[-1] == "parameter", list(t)
            for name in "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 bool".split():
                x = t[name]
                assert x.dtype == getattr(torch, name) and x.shape == (2, 3), name
                assert bytes(x.contiguous().view(torch.uint8).numpy().tobytes()) == bytes([1] * (6 * x.element_size())), name
            assert t["base"].tolist() == [[1, 2, 3], [4, 5, 6]]
            assert t["view"].tolist() == [[1, 4], [2, 5], [3, 6]]
            assert t["view"].untyped_storage().data_ptr() == t["base"].untyped_storage().data_ptr()
            assert t["single"].shape == () and t["single"].item() == 2.5 and t["empty"].shape == (0, 4)
            assert type(t["parameter"]) is torch.nn.Parameter and t["parameter"].requires_grad
            assert t["parameter"].tolist() == [1, 2]
            assert c["plain"] == dict(none=None, yes=True, int=-70000, long=2**40, float=0.1, text="gr\\u00f6\\u00dfe")
            assert c["list"] == [1, (1, 2, 3, 4), (), []] and c["bytes"] == b"\\0\\xc8" and c["set"] == {1, 2}
            assert c["keys"] == {0: "zero", 300: "many"}
        import zipfile
        assert zipfile.ZipFile(path).testzip() is None
        print("ok")
        """

    @Test("torch.load with weights_only opens what is written")
    func load() throws {
        let (plain, wide) = (folder.path("plain.pt"), folder.path("wide.pt"))
        try PyTorchFile.write(Self.value(), to: plain)
        try PyTorchFile.write(Self.value(), to: AtomicFile(replacing: wide), path: wide, zip64Threshold: 2)
        #expect(try Python.run(Self.check, [plain, wide]) == "ok\n")
    }

    @Test("Objects of PyTorch's classes become modules again")
    func modules() throws {
        let path = folder.path("module.pt")
        let weight = TensorValue(
            .float32, shape: [1, 2], storage: TensorStorage([0, 0, 128, 63, 0, 0, 0, 64]), isParameter: true,
            requiresGradient: true)
        let hooks = PickleValue.dictionary(PickleDictionary(isOrderedDict: true))
        let linear = PythonObject(PythonName("torch.nn.modules.linear", "Linear"), state: [
            "training": false, "_parameters": ["weight": .tensor(weight), "bias": nil], "_buffers": [:],
            "_non_persistent_buffers_set": .set([]), "_modules": [:], "_forward_hooks": hooks, "_forward_pre_hooks": hooks,
            "_backward_hooks": hooks, "in_features": 2, "out_features": 1,
        ])
        try PyTorchFile.write(["model": .object(linear)], to: path)
        let script = """
            import sys, torch
            m = torch.load(sys.argv[1], weights_only=False)["model"]
            print(type(m).__name__, m(torch.tensor([3.0, 4.0])).item(), list(m.state_dict()))
            """
        #expect(try Python.run(script, [path]) == "Linear 11.0 ['weight']\n")
    }

    @Test("Files of PyTorch before 1.6 and types that are not supported are refused with a reason")
    func refused() throws {
        let script = """
            import sys, torch
            torch.save({"t": torch.ones(2)}, sys.argv[1], _use_new_zipfile_serialization=False)
            torch.save({"t": torch.ones(2, dtype=torch.uint16)}, sys.argv[2])
            torch.save({"t": torch.ones(2, dtype=torch.complex64)}, sys.argv[3])
            """
        let paths = ["old.pt", "uint16.pt", "complex.pt"].map(folder.path)
        _ = try Python.run(script, paths)
        #expect(message { _ = try PyTorchFile(path: paths[0]) }?.contains("PyTorch before 1.6; load it with torch.load") == true)
        #expect(message { _ = try PyTorchFile(path: paths[1]) }?.contains("a tensor of torch.uint16, a type that is not") == true)
        #expect(message { _ = try PyTorchFile(path: paths[2]) }?.contains("torch.ComplexFloatStorage, a type that is not") == true)
    }

    @Test("What Python writes is read, in every protocol", arguments: [2, 3, 4, 5])
    func protocols(number: Int) throws {
        let path = folder.path("python.pt")
        let script = """
            import sys, torch, collections, numpy, pathlib
            a = torch.arange(6.).reshape(2, 3)
            p = torch.nn.Parameter(torch.ones(2))
            p.note = "an attribute"
            x = torch.full((1,), 2.0)
            x.note = "an attribute"
            torch.save({"t": a.t(), "same": a, "n": 2**40, "neg": -2**40, "b": b"\\0\\xc8", "e": b"", "set": {1, 2},
                "frozen": frozenset([3]), "od": collections.OrderedDict(x=1), "size": a.shape, "s": "\\u00e9" * 300,
                "np": numpy.float32(0.5), "npi": numpy.int64(-7), "npb": numpy.bool_(True),
                "arr": numpy.asfortranarray(numpy.arange(6.).reshape(2, 3)), "dd": collections.defaultdict(int, q=4),
                "dtype": torch.float16, "state": torch.nn.BatchNorm2d(3).state_dict(), "dev": torch.device("cpu"),
                "deep": [[[(1,)]]], "big": list(range(3000)), "bigarr": numpy.arange(3, dtype=">f4"),
                "path": pathlib.PurePosixPath("/data/coco.yaml"), "win": pathlib.PureWindowsPath("C:/runs/exp"),
                "raw": torch.zeros(6).untyped_storage(), "parameter": p, "noted": x,
            }, sys.argv[1], pickle_protocol=\(number))
            """
        _ = try Python.run(script, [path])
        let root = try PyTorchFile(path: path).root
        #expect(root["t"]?.tensor?.doubles == [0, 3, 1, 4, 2, 5])
        #expect(root["t"]?.tensor?.storage === root["same"]?.tensor?.storage)
        #expect(root["n"]?.int == 1 << 40)
        #expect(root["neg"]?.int == -1 << 40)
        guard case .bytes([0, 200])? = root["b"], case .bytes([])? = root["e"] else { throw Python.Failure(text: "bytes") }
        guard case .set(let set)? = root["set"], case .set(let frozen)? = root["frozen"] else {
            throw Python.Failure(text: "set")
        }
        #expect(set.compactMap(\.int).sorted() == [1, 2])
        #expect(frozen.compactMap(\.int) == [3])
        #expect(root["od"]?.dictionary?.isOrderedDict == true)
        #expect(root["od"]?["x"]?.int == 1)
        #expect(root["size"]?.list?.compactMap(\.int) == [2, 3])
        #expect(root["s"]?.string == String(repeating: "é", count: 300))
        #expect(root["np"]?.double == 0.5)
        #expect(root["npi"]?.int == -7)
        #expect(root["npb"]?.bool == true)
        #expect(root["dd"]?.object?.dictionaryItems["q"]?.int == 4)
        guard case .global(PythonName("torch", "float16"))? = root["dtype"] else { throw Python.Failure(text: "dtype") }
        #expect(root["dev"]?.object?.type == PythonName("torch", "device"))
        #expect(root["deep"]?[0]?[0]?[0]?[0]?.int == 1)
        #expect(root["big"]?.list?.compactMap(\.int) == Array(0..<3000))
        let state = try StateDictionary(root["state"], named: "state")
        #expect(state.entries.map(\.name) == ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"])
        #expect(root["arr"]?.tensor?.doubles == [0, 1, 2, 3, 4, 5])
        #expect(root["arr"]?.tensor?.isContiguous == false)
        #expect(root["bigarr"]?.tensor?.doubles == [0, 1, 2])
        #expect(root["path"]?.string == "/data/coco.yaml")
        #expect(root["win"]?.string == "C:\\runs\\exp")
        #expect(root["raw"]?.tensor?.dtype == .uint8)
        #expect(root["raw"]?.tensor?.count == 24)
        let parameter = try #require(root["parameter"]?.tensor)
        #expect(parameter.isParameter && parameter.requiresGradient)
        #expect(parameter.doubles == [1, 1])
        #expect(root["noted"]?.tensor?.doubles == [2])
    }
}

/// The Python of `$YOLOV5_PEER`.
enum Python {
    struct Failure: Error {
        let text: String
    }

    private static let executable = ProcessInfo.processInfo.environment["YOLOV5_PEER"].map { $0 + "/bin/python" }

    static let isAvailable = executable.map { FileManager.default.isExecutableFile(atPath: $0) } ?? false

    static let hasSafetensors = isAvailable && (try? run("import safetensors.torch", [])) != nil

    /// What the script prints.
    static func run(_ script: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable ?? "")
        process.arguments = ["-c", script] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(text: complaint) }
        return text
    }
}
