import Foundation
import GoldenFixtures
import Testing

@testable import PyTorchFile

@Suite struct SafetensorsTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    /// Reads a file with this header and so many bytes of data: 0, 1, 2, …
    private func open(_ header: String, dataCount: Int = 0) throws -> SafetensorsFile {
        try open(FuzzSeeds.safetensors(header, dataCount: dataCount))
    }

    private func open(_ bytes: [UInt8]) throws -> SafetensorsFile {
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path("x.safetensors")))
        return try SafetensorsFile(path: folder.path("x.safetensors"))
    }

    // MARK: Both ways

    @Test("Tensors of every type come back with their bytes, in their order")
    func roundTrip() throws {
        let tensors = TensorValue.DType.allCases.map { dtype in
            let bytes = (0..<6 * dtype.size).map { UInt8(truncatingIfNeeded: $0 * 7 % 2) }
            return (name: "\(dtype)", tensor: TensorValue(dtype, shape: [2, 3], storage: TensorStorage(bytes)))
        }
        let state = try StateDictionary(tensors, named: "test")
        let notes = ["format": "pt", "quoted \"\\\u{1F}": "größe 日本 😀\n"]
        try SafetensorsFile.write(state, metadata: notes, to: folder.path("a.safetensors"))
        let file = try SafetensorsFile(path: folder.path("a.safetensors"))
        #expect(file.metadata == notes)
        #expect(file.tensors.entries.map(\.name) == tensors.map(\.name))
        for (name, tensor) in tensors {
            let found = try #require(file.tensors[name])
            #expect(found.dtype == tensor.dtype)
            #expect(found.shape == tensor.shape)
            found.withBytes { bytes in tensor.withBytes { #expect(bytes.elementsEqual($0), "\(name)") } }
        }
    }

    @Test("Every element lies at a multiple of its size, the widest first")
    func alignment() throws {
        let state = try StateDictionary([
            (name: "byte", tensor: TensorValue(.uint8, shape: [3], storage: TensorStorage([1, 2, 3]))),
            (name: "half", tensor: TensorValue(.float16, shape: [1], storage: TensorStorage([0, 0x3C]))),
            (name: "long", tensor: TensorValue(.int64, shape: [1], storage: TensorStorage([4, 0, 0, 0, 0, 0, 0, 0]))),
        ], named: "test")
        try SafetensorsFile.write(state, to: folder.path("a.safetensors"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.path("a.safetensors")))
        let header = Int(bytes[0])
        #expect(header % 8 == 0)
        #expect(Array(bytes[(8 + header)...]) == [4, 0, 0, 0, 0, 0, 0, 0, 0, 0x3C, 1, 2, 3])
        let text = String(decoding: bytes[8..<8 + header], as: UTF8.self)
        #expect(text.hasPrefix(#"{"byte":{"dtype":"U8","shape":[3],"data_offsets":[10,13]},"half":{"#), "\(text)")
        #expect(text.trimmingCharacters(in: [" "]).hasSuffix("}}"), "\(text)")
    }

    @Test("Views are written row by row, tied tensors twice, single numbers and empty tensors as they are")
    func views() throws {
        let base = TensorValue.floats([1, 2, 3, 4, 5, 6], shape: [2, 3])
        let view = try TensorValue(checking: .float32, shape: [3, 2], strides: [1, 3], offset: 0, storage: base.storage)
        let state = try StateDictionary([
            (name: "base", tensor: base), (name: "view", tensor: view), (name: "single", tensor: .floats([7], shape: [])),
            (name: "empty", tensor: .floats([], shape: [0, 4])),
        ], named: "test")
        try SafetensorsFile.write(state, to: folder.path("a.safetensors"))
        let tensors = try SafetensorsFile(path: folder.path("a.safetensors")).tensors
        #expect(tensors["base"]?.doubles == [1, 2, 3, 4, 5, 6])
        #expect(tensors["view"]?.doubles == [1, 4, 2, 5, 3, 6])
        #expect(tensors["view"]?.isContiguous == true)
        #expect(tensors["view"]?.storage !== tensors["base"]?.storage)
        #expect(tensors["single"]?.shape == [])
        #expect(tensors["single"]?.doubles == [7])
        #expect(tensors["empty"]?.shape == [0, 4])
    }

    @Test("A file can be replaced while it is open, with its own tensors")
    func replacingItself() throws {
        let path = folder.path("a.safetensors")
        try SafetensorsFile.write(try StateDictionary([(name: "t", tensor: .floats([1, 2], shape: [2]))], named: "t"), to: path)
        let open = try SafetensorsFile(path: path)
        try SafetensorsFile.write(open.tensors, metadata: ["a": "b"], to: path)
        #expect(open.tensors["t"]?.doubles == [1, 2])
        #expect(try SafetensorsFile(path: path).metadata == ["a": "b"])
        #expect(folder.names == ["a.safetensors"])
    }

    @Test("What cannot be written is named")
    func unwritable() throws {
        let taken = try StateDictionary([(name: "__metadata__", tensor: .floats([1], shape: [1]))], named: "t")
        #expect(message { try SafetensorsFile.write(taken, to: folder.path("a.safetensors")) }
            == "cannot write '\(folder.path("a.safetensors"))': no tensor can have the name __metadata__")
        #expect(message {
            _ = try StateDictionary([(name: "t", tensor: .floats([1], shape: [1])), (name: "t", tensor: .floats([], shape: [0]))], named: "t")
        } == "'t' is a name of two tensors, expected one")
        #expect(folder.names == [])
    }

    // MARK: Reading

    @Test("White space, escapes and any order of keys are read")
    func spelling() throws {
        let file = try open(
            "{ \"\\u00e9\\ud83d\\ude00\\n\\\"\\/\" :\t{\n\"shape\" : [ 1 , 2 ] , \"data_offsets\":[0,2],\r\"dtype\":\"U8\" } }   ", dataCount: 2)
        #expect(file.tensors.entries.map(\.name) == ["é😀\n\"/"])
        #expect(file.tensors.entries.first?.tensor.doubles == [0, 1])
        #expect(file.tensors.entries.first?.tensor.shape == [1, 2])
        #expect(file.metadata.isEmpty)
    }

    @Test("The header may list the tensors in another order than the data")
    func order() throws {
        let file = try open(
            #"{"b":{"dtype":"U8","shape":[1],"data_offsets":[2,3]},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#,
            dataCount: 3)
        #expect(file.tensors.entries.map(\.name) == ["b", "a"])
        #expect(file.tensors["b"]?.doubles == [2])
    }

    private static func tensor(_ type: String = "U8", _ shape: String = "[1]", _ offsets: String = "[0,1]") -> String {
        #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
    }

    @Test("Headers that lie are errors", arguments: [
        (#"{"a":\#(tensor("F32"))}"#, 1, "does not fit the bytes [0, 1]"),
        (#"{"a":\#(tensor("U8", "[2]"))}"#, 2, "does not fit the bytes [0, 1]"),
        (#"{"a":\#(tensor("U8", "[1]", "[1,0]"))}"#, 1, "does not fit the bytes [1, 0]"),
        (#"{"a":\#(tensor("U8", "[4294967296,4294967296,4294967296]"))}"#, 1, "does not fit the bytes"),
        (#"{"a":\#(tensor("F32", "[4611686018427387904,4,0]", "[0,0]"))}"#, 0, "does not fit the bytes [0, 0]"),
        (#"{"a":\#(tensor("U8", "[99999999999999999999]"))}"#, 1, "a number is too large"),
        (#"{"a":\#(tensor("U8", "[-1]"))}"#, 1, "a whole number is expected"),
        (#"{"a":\#(tensor("U8", "[01]"))}"#, 1, "a whole number is expected"),
        (#"{"a":\#(tensor("U8", "[1.0]"))}"#, 1, "']' is expected"),
        (#"{"a":\#(tensor("U8", "[1e3]"))}"#, 1, "']' is expected"),
        (#"{"a":\#(tensor("U8", "[\(String(repeating: "1,", count: 64))1]"))}"#, 1, "longer than 64 numbers"),
        (#"{"a":\#(tensor("U8", "[1]", "[0,1,2]"))}"#, 1, "longer than 2 numbers"),
        (#"{"a":\#(tensor("U8", "[1]", "[0]"))}"#, 1, "lacks its dtype, shape or two data_offsets"),
        (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1, "lacks its dtype, shape or two data_offsets"),
        (#"{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1, "has the key 'dtype' twice"),
        (#"{"a":{"dtype":"U8","size":[1],"data_offsets":[0,1]}}"#, 1, "the key 'size' twice or has no use for it"),
        (#"{"a":\#(tensor()),"a":\#(tensor("U8", "[1]", "[1,2]"))}"#, 2, "names 'a' twice"),
        (#"{"__metadata__":{"a":"","a":""}}"#, 0, "names 'a' in __metadata__ twice"),
        (#"{"__metadata__":{"a":1}}"#, 0, #"'"' is expected"#),
        (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "names '__metadata__' twice"),
        (#"{"a":\#(tensor())}"#, 0, "ends at byte 1 of 0, the file is cut short"),
        (#"{"a":\#(tensor())}"#, 3, "the last 2 bytes belong to no tensor"),
        (#"{"a":\#(tensor()),"b":\#(tensor("U8", "[1]", "[2,3]"))}"#, 3, "1 bytes before the tensor 'b' belong to no tensor"),
        (#"{"a":\#(tensor()),"b":\#(tensor())}"#, 1, "'b' overlaps the one before it"),
        (#"{"a":\#(tensor("U8", "[2]", "[0,2]")),"b":\#(tensor("U8", "[2]", "[1,3]"))}"#, 3, "'b' overlaps the one before it"),
        (#"{"a":\#(tensor("F8_E4M3"))}"#, 1, "has the type 'F8_E4M3'; read are F16, BF16, F32"),
        (#"{"a":"#, 0, "'{' is expected"), (#"{"a"}"#, 0, "':' is expected"), (#"{"a":[[[["#, 0, "'{' is expected"),
        (#"{"a":\#(tensor())"#, 1, "'}' is expected"), (#"{"a":\#(tensor())}}"#, 1, "something follows the last brace"),
        (#"{"a"#, 0, "a string has no end"), (#"{"\"#, 0, "a string has no end"), (#"{"\x"#, 0, "an unknown escape"),
        (#"{"\u12"#, 0, "lacks its four digits"), (#"{"\ud800":"#, 0, "half a code point"),
        (#"{"\ud800\ud800":"#, 0, "half a code point"), (#"{"\ud800\n":"#, 0, "half a code point"),
        (#"{"\udc00":"#, 0, "half a code point"), ("{\"\n\"", 0, "holds a control character"),
        (#"{"\#(String(repeating: "n", count: 1025))":\#(tensor())}"#, 1, "name takes more than 1024 bytes"),
    ] as [(String, Int, String)])
    func lyingHeaders(header: String, dataCount: Int, expected: String) {
        let found = message { _ = try open(header, dataCount: dataCount) }
        #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
    }

    @Test("Names that are no text are errors")
    func notUTF8() {
        let header = Array(#"{""#.utf8) + [0xFF, 0xC0] + Array(#"":{}}"#.utf8)
        let bytes = [UInt8(header.count), 0, 0, 0, 0, 0, 0, 0] + header
        #expect(message { _ = try open(bytes) }?.contains("a string is not UTF-8") == true)
    }

    @Test("Names that only compose their characters differently are two names")
    func composition() throws {
        let file = try open(
            #"{"\u00e9":\#(Self.tensor()),"e\u0301":\#(Self.tensor("U8", "[1]", "[1,2]"))}"#, dataCount: 2)
        #expect(file.tensors["\u{E9}"]?.doubles == [0])
        #expect(file.tensors["e\u{301}"]?.doubles == [1])
    }

    @Test("Other files are told apart")
    func otherFiles() throws {
        func complaint(_ bytes: [UInt8]) -> String { message { _ = try open(bytes) } ?? "accepted" }
        #expect(complaint([]).hasSuffix("is not a safetensors file: the file is empty"))
        #expect(complaint([0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 90)).contains("a zip archive, as PyTorch's"))
        #expect(complaint(Array("nc: 80 and more\n".utf8)).contains("does not begin with the length of a header"))
        #expect(complaint([2, 0, 0, 0, 0, 0, 0]).contains("is damaged: the file ends too early"))
        #expect(complaint([0xFF, 0, 0, 0, 0, 0, 0, 0, 0x7B]).contains("the file ends too early (255 bytes wanted"))
        #expect(complaint([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7B]).contains("does not begin with the length"))
        #expect(complaint([1, 0, 0, 0, 0, 0, 0, 0, 0x5B]).contains("does not begin with the length of a header"))
        let missing = folder.path("missing.safetensors")
        #expect(message { _ = try SafetensorsFile(path: missing) } == "cannot read '\(missing)': No such file or directory")
    }

    @Test("A file that is cut short anywhere is an error")
    func truncations() throws {
        let state = try StateDictionary([(name: "t", tensor: .floats([1, 2], shape: [2]))], named: "t")
        try SafetensorsFile.write(state, to: folder.path("a.safetensors"))
        let whole = Array(try Data(contentsOf: URL(fileURLWithPath: folder.path("a.safetensors"))))
        #expect(try open(whole).tensors["t"]?.doubles == [1, 2])
        for count in 0..<whole.count {
            #expect(message { _ = try open(Array(whole.prefix(count))) } != nil, "cut at \(count)")
        }
    }

    // MARK: Files of Python's

    @Test("Files that Python wrote have the elements that it put there", .enabled(if: Fixtures.areAvailable), arguments: [
        "boxes", "dataset", "forward", "loss", "metrics", "modules", "nms", "schedule", "checkpoint/checkpoint",
    ])
    func golden(name: String) throws {
        let file = try SafetensorsFile(path: Fixtures.golden.appendingPathComponent(name + ".safetensors").path)
        let expected = try Fixtures.tensors(name)
        #expect(Set(file.tensors.entries.map(\.name)) == Set(expected.keys))
        for (name, tensor) in file.tensors.entries {
            let other = try #require(expected[name])
            #expect(tensor.shape == other.shape, "\(name)")
            #expect(tensor.doubles == other.doubles, "\(name)")
        }
    }

    @Test("Python's safetensors opens what is written, and we what it writes", .enabled(if: Python.hasSafetensors))
    func python() throws {
        let (ours, theirs) = (folder.path("ours.safetensors"), folder.path("theirs.safetensors"))
        var tensors = TensorValue.DType.allCases.map { dtype in
            (name: "\(dtype)", tensor: TensorValue(
                dtype, shape: [2, 3], storage: TensorStorage([UInt8](repeating: 1, count: 6 * dtype.size))))
        }
        tensors.append((name: "größe \"x\"", tensor: .floats([2.5], shape: [])))
        tensors.append((name: "empty", tensor: .floats([], shape: [0, 4])))
        try SafetensorsFile.write(try StateDictionary(tensors, named: "t"), metadata: ["a": "b\n"], to: ours)
        let script = """
            import sys, torch
            from safetensors import safe_open
            from safetensors.torch import load_file, save_file
            with safe_open(sys.argv[1], framework="pt") as f: assert f.metadata() == {"a": "b\\n"}, f.metadata()
            t = load_file(sys.argv[1])
            for name in "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 bool".split():
                x = t[name]
                assert x.dtype == getattr(torch, name) and x.shape == (2, 3), name
                assert bytes(x.view(torch.uint8).numpy().tobytes()) == bytes([1] * (6 * x.element_size())), name
            assert t["gr\\u00f6\\u00dfe \\"x\\""].item() == 2.5 and t["empty"].shape == (0, 4)
            save_file(t, sys.argv[2], metadata={"made": "there"})
            print(len(t))
            """
        #expect(try Python.run(script, [ours, theirs]) == "12\n")
        let file = try SafetensorsFile(path: theirs)
        #expect(file.metadata == ["made": "there"])
        #expect(file.tensors.count == tensors.count)
        for (name, tensor) in tensors {
            let found = try #require(file.tensors[name])
            #expect(found.dtype == tensor.dtype)
            #expect(found.shape == tensor.shape)
            found.withBytes { bytes in tensor.withBytes { #expect(bytes.elementsEqual($0), "\(name)") } }
        }
    }
}
