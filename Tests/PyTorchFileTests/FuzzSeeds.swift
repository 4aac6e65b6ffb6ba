import Glibc

@testable import PyTorchFile

/// Small files of every shape that the readers know, from which a fuzzer starts (`scripts/fuzz`) and which the tests read
/// one by one (`FuzzSeedTests`).
enum FuzzSeeds {
    typealias Seed = (name: String, bytes: [UInt8])

    // MARK: Pickles

    static let pickles: [Seed] =
        PickleOpcode.allCases.map { ("opcode-\($0)", example(of: $0)) } + values.map { ($0.name, whole($0.bytes)) }
        + hostile.map { ($0.name, whole($0.bytes)) }

    private static func whole(_ body: [UInt8]) -> [UInt8] { Pickle.header + body + Pickle.stop }

    /// The storage that the tensors of `values` look into: sixteen bytes under the key "0".
    static let storage: [UInt8] = Array(0..<16)

    /// A whole pickle with this instruction in it, as short as it can be.
    static func example(of opcode: PickleOpcode) -> [UInt8] {
        let code = [opcode.rawValue]
        switch opcode {
        case .none, .newTrue, .newFalse, .emptyList, .emptyTuple, .emptyDict, .emptySet: return whole(code)
        case .binInt: return whole(code + [0xFE, 0xFF, 0xFF, 0xFF])
        case .binInt1: return whole(code + [200])
        case .binInt2: return whole(code + [1, 2])
        case .long1: return whole(code + [3, 1, 2, 0x80])
        case .long4: return whole(code + [2, 0, 0, 0, 1, 2])
        case .binFloat: return whole(code + [0x3F, 0xF8, 0, 0, 0, 0, 0, 0])
        case .binUnicode, .binString, .binBytes: return whole(code + [2, 0, 0, 0, 0x61, 0x62])
        case .shortBinUnicode, .shortBinString, .shortBinBytes: return whole(code + [2, 0x61, 0x62])
        case .binUnicode8, .binBytes8, .byteArray8: return whole(code + [2, 0, 0, 0, 0, 0, 0, 0, 0x61, 0x62])
        case .mark, .tuple: return whole(Pickle.mark + Pickle.none + Pickle.none + Pickle.tuple)
        case .append: return whole(Pickle.emptyList + Pickle.none + code)
        case .appends: return whole(Pickle.list(Pickle.none, Pickle.int(1)))
        case .tuple1: return whole(Pickle.none + code)
        case .tuple2: return whole(Pickle.none + Pickle.none + code)
        case .tuple3: return whole(Pickle.none + Pickle.none + Pickle.none + code)
        case .setItem: return whole(Pickle.emptyDict + Pickle.string("a") + Pickle.none + code)
        case .setItems: return whole(Pickle.dict(("a", Pickle.none), ("b", Pickle.none)))
        case .addItems: return whole([0x8F] + Pickle.mark + Pickle.none + code)
        case .frozenSet: return whole(Pickle.mark + Pickle.none + code)
        case .global: return whole(Pickle.global("os", "system"))
        case .stackGlobal: return whole(Pickle.string("os") + Pickle.string("system") + code)
        case .reduce: return whole(Pickle.call("os", "system", Pickle.string("true")))
        case .newObj: return whole(Pickle.global("a", "B") + Pickle.emptyTuple + code)
        case .build: return whole(Pickle.module())
        case .binPersID: return whole(Pickle.storage(count: 4))
        case .binPut, .binGet: return whole(Pickle.emptyList + Pickle.put(0) + Pickle.get(0) + Pickle.append)
        case .longBinPut, .longBinGet: return whole(Pickle.none + [0x72, 0, 1, 0, 0, 0x6A, 0, 1, 0, 0])
        case .memoize: return whole(Pickle.none + code + Pickle.get(0) + Pickle.tuple2)
        case .pop: return whole(Pickle.none + Pickle.none + code)
        case .popMark: return whole(Pickle.none + Pickle.mark + Pickle.none + code)
        case .dup: return whole(Pickle.emptyDict + code + Pickle.tuple2)
        case .proto: return [0x80, 4] + Pickle.none + Pickle.stop
        case .frame: return [0x80, 4] + code + [2, 0, 0, 0, 0, 0, 0, 0] + Pickle.none + Pickle.stop
        case .stop: return whole(Pickle.none)
        case .int, .long, .float, .string, .unicode, .persID, .get, .put, .list, .dict, .inst, .obj, .ext1, .ext2, .ext4,
            .newObjEx, .nextBuffer, .readOnlyBuffer:
            return whole(code + Array("1\n1\n".utf8))
        }
    }

    /// Everything that is given a meaning, in the words of PyTorch, NumPy and Python.
    private static let values: [Seed] = [
        ("tensor", Pickle.tensor(Pickle.storage(count: 4), offset: 1, shape: [1, 3], strides: [9, 1])),
        ("transposed", Pickle.tensor(Pickle.storage("HalfStorage", count: 8), shape: [4, 2], strides: [1, 4])),
        ("expanded", Pickle.tensor(Pickle.storage("LongStorage", count: 2), shape: [5, 2, 3], strides: [0, 1, 0])),
        ("empty", Pickle.tensor(Pickle.storage("ByteStorage", count: 16), offset: 99, shape: [3, 0, 7], strides: [7, 7, 1])),
        ("types", Pickle.list(
            Pickle.tensor(Pickle.storage("BFloat16Storage", count: 8), shape: [2, 2, 2], strides: [1, 2, 4]),
            Pickle.tensor(Pickle.storage("DoubleStorage", count: 2), shape: [2], strides: [1]),
            Pickle.tensor(Pickle.storage("BoolStorage", count: 16), shape: [4, 4], strides: [1, 4]),
            Pickle.tensor(Pickle.storage("CharStorage", count: 16), shape: [], strides: []),
            Pickle.tensor(Pickle.storage("ShortStorage", count: 8), shape: [3, 2], strides: [2, 2]),
            Pickle.tensor(Pickle.storage("IntStorage", count: 4), shape: [2, 2], strides: [1, 2]))),
        ("tensor-v3", Pickle.call(
            "torch._utils", "_rebuild_tensor_v3", Pickle.untypedStorage, Pickle.int(0), Pickle.ints([4]), Pickle.ints([1]), Pickle.no,
            Pickle.noHooks, Pickle.global("torch", "float32"))),
        ("tensor-attributes", Pickle.call(
            "torch._tensor", "_rebuild_from_type_v2", Pickle.global("torch._utils", "_rebuild_tensor_v2"),
            Pickle.global("torch", "Tensor"),
            Pickle.mark + Pickle.storage(count: 4) + Pickle.int(0) + Pickle.ints([2, 2]) + Pickle.ints([2, 1]) + Pickle.no
                + Pickle.noHooks + Pickle.tuple, Pickle.dict(("a", Pickle.none)))),
        ("parameter", Pickle.call(
            "torch._utils", "_rebuild_parameter_with_state",
            Pickle.tensor(Pickle.storage(count: 4), shape: [4], strides: [1]), Pickle.yes, Pickle.noHooks, Pickle.emptyDict)),
        ("ordered-dict", Pickle.call("collections", "OrderedDict", Pickle.list(Pickle.list(Pickle.string("k"), Pickle.int(1))))
            + Pickle.dict(("_metadata", Pickle.noHooks)) + Pickle.build),
        ("set", Pickle.call("builtins", "set", Pickle.list(Pickle.int(1), Pickle.string("x")))),
        ("bytes", Pickle.call("_codecs", "encode", Pickle.string("a\u{FF}"), Pickle.string("latin1"))),
        ("size", Pickle.call("torch", "Size", Pickle.ints([2, 3]))),
        ("device", Pickle.call("torch", "device", Pickle.string("cuda"), Pickle.int(0))),
        ("path", Pickle.call("pathlib", "PosixPath", Pickle.string("/"), Pickle.string("a"), Pickle.string("b"))),
        ("windows-path", Pickle.call("pathlib", "WindowsPath", Pickle.string("C:\\"), Pickle.string("a"))),
        ("numpy-scalar", Pickle.call("numpy.core.multiarray", "scalar", Pickle.numPyType("f8"), Pickle.bytes(Array(0..<8)))),
        ("numpy-array", numPyArray),
        ("numpy-buffer", Pickle.call(
            "numpy._core.numeric", "_frombuffer", Pickle.bytes(Array(0..<8)), Pickle.numPyType("i2", order: ">"),
            Pickle.ints([2, 2]), Pickle.string("F"))),
        ("checkpoint", Pickle.dict(("epoch", Pickle.int(3)), ("model", model))),
        ("state-dict", Pickle.dict(("w", Pickle.tensor(Pickle.storage(count: 4), shape: [4], strides: [1])))),
    ]

    private static let model = Pickle.module(
        parameters: Pickle.dict(("w", Pickle.tensor(Pickle.storage(count: 4), shape: [2, 2], strides: [2, 1]))),
        modules: Pickle.dict(
            ("0", Pickle.module(
                buffers: Pickle.dict(("b", Pickle.tensor(Pickle.storage(count: 4), shape: [], strides: [])))))))

    private static let numPyArray =
        Pickle.call("numpy._core.multiarray", "_reconstruct", Pickle.global("numpy", "ndarray"), Pickle.ints([0]), Pickle.bytes([98]))
        + Pickle.mark + Pickle.int(1) + Pickle.ints([2, 2]) + Pickle.numPyType("f4") + Pickle.yes + Pickle.bytes(Array(0..<16))
        + Pickle.tuple + Pickle.build

    /// Small versions of what would exhaust a careless reader.
    private static let hostile: [Seed] = [
        ("deep-lists", [UInt8](repeating: 0x5D, count: 300) + [UInt8](repeating: 0x61, count: 299)),
        ("deep-tuples", Pickle.none + [UInt8](repeating: 0x85, count: 300)),
        ("circle", Pickle.emptyList + Pickle.put(0) + Pickle.get(0) + Pickle.append),
        ("circle-in-arguments", Pickle.emptyList + Pickle.put(0) + Pickle.global("a", "B") + Pickle.get(0) + Pickle.tuple1
            + Pickle.reduce + Pickle.append),
        ("doubling", Pickle.emptyList + Pickle.put(0)
            + (0..<20).flatMap { _ in Pickle.get(0) + Pickle.tuple2 + Pickle.put(0) }),
        ("huge-shape", Pickle.tensor(Pickle.storage(count: 4), shape: [1 << 40, 1 << 40, 0], strides: [1, 1, 1])),
        ("huge-stride", Pickle.tensor(Pickle.storage(count: 4), shape: [2, 1, 2], strides: [1, .max, 2])),
        ("huge-offset", Pickle.tensor(Pickle.storage(count: 4), offset: .max, shape: [0], strides: [1])),
        ("huge-storage", Pickle.storage(count: 1 << 62)),
        ("many-dimensions", Pickle.tensor(
            Pickle.storage(count: 4), shape: [Int](repeating: 1, count: 65), strides: [Int](repeating: 1, count: 65))),
        ("nested-persistent", Pickle.storage(count: 4) + Pickle.persistent),
        ("same-key", Pickle.string("k") + Pickle.put(0) + Pickle.emptyDict
            + (0..<9).flatMap { _ in Pickle.get(0) + Pickle.none + Pickle.setItem }),
        ("composed-keys", Pickle.dict(("\u{E9}", Pickle.int(1)), ("e\u{301}", Pickle.int(2)))),
        ("container-keys", Pickle.emptyDict + Pickle.emptyList + Pickle.none + Pickle.setItem),
        ("not-utf-8", [0x8C, 3, 0xFF, 0xC0, 0x80]),
    ]

    // MARK: Archives

    /// Whole files, made in `folder`.
    static func archives(in folder: String) throws -> [Seed] {
        let path = folder + "/seed.pt"
        func archive(threshold: Int = 0xFFFF_FFFF, _ entries: [Seed]) throws -> [UInt8] {
            let file = try AtomicFile(replacing: path)
            var writer = ZipWriter(file, zip64Threshold: threshold)
            for entry in entries { try writer.add(entry.name, entry.bytes) }
            try writer.finish()
            try file.commit()
            let written = try MappedFile(path: path)
            return withExtendedLifetime(written) { Array(written.bytes) }
        }
        var seeds: [Seed] = []
        for (name, body) in values {
            let entries = [("a/data.pkl", whole(body)), ("a/data/0", storage)]
            seeds.append(("archive-\(name)", try archive(entries)))
        }
        let entries = [("a/data.pkl", whole(values[4].bytes)), ("a/data/0", storage)]
        seeds.append(("archive-zip64", try archive(threshold: 2, entries)))
        seeds.append(("archive-big-endian", try archive(entries + [("a/byteorder", Array("big".utf8))])))
        seeds.append(("archive-new-records", try archive(entries + [
            ("a/.format_version", [0x31]), ("a/.storage_alignment", [0x36, 0x34]), ("a/byteorder", Array("little".utf8)),
            ("a/version", [0x33, 0x0A]), ("a/.data/serialization_id", [0x30]),
        ])))
        return seeds
    }

    // MARK: Safetensors

    static let safetensors: [Seed] = [
        ("plain", safetensors(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, dataCount: 8)),
        ("metadata", safetensors(
            #"{"__metadata__":{"format":"pt","é\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t":""},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#,
            dataCount: 1)),
        ("types", safetensors(
            #"{"f":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},"#
                + #""b":{"dtype":"BF16","shape":[1],"data_offsets":[12,14]},"i":{"dtype":"I64","shape":[0,3],"data_offsets":[14,14]},"#
                + #""j":{"dtype":"I32","shape":[1],"data_offsets":[14,18]},"k":{"dtype":"I16","shape":[1],"data_offsets":[18,20]},"#
                + #""l":{"dtype":"I8","shape":[1],"data_offsets":[20,21]},"m":{"dtype":"BOOL","shape":[1],"data_offsets":[21,22]}}"#,
            dataCount: 22)),
        ("spaces", safetensors(
            "{ \"a\" :\t{\n\"shape\" : [ 1 , 1 ] , \"data_offsets\":[0,1],\r\"dtype\":\"I8\" } }   ", dataCount: 1)),
        ("nothing", safetensors("{}", dataCount: 0)),
        ("deep", safetensors(#"{"a":"# + String(repeating: "[", count: 200) + "}", dataCount: 0)),
        ("huge-shape", safetensors(
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}"#, dataCount: 0)),
    ]

    /// A file with this header and so many bytes behind it.
    static func safetensors(_ header: String, dataCount: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.put(UInt64(header.utf8.count))
        return bytes + header.utf8 + (0..<dataCount).map { UInt8(truncatingIfNeeded: $0) }
    }
}
