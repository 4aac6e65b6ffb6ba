import Foundation
import Glibc
import Testing

@testable import PyTorchFile

@Suite struct WritingTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    private func roundTrip(_ value: PickleValue) throws -> PickleValue {
        try PyTorchFile.write(value, to: folder.path("round.pt"))
        let file = try PyTorchFile(path: folder.path("round.pt"))
        try file.verify()
        return file.root
    }

    @Test("Plain values come back as they were")
    func plainValues() throws {
        let root = try roundTrip([
            "none": nil, "yes": true, "no": false, "text": "größe 日本", "empty": "", "float": 0.1, "list": [1, [2, []]],
            "tuple": .tuple([1, 2, 3, 4]), "pair": .tuple([1, "a"]), "bytes": .bytes([0, 127, 128, 255]),
            "set": .set(["a", "b"]), "nested": ["a": ["b": ["c": 3]]], "long": .string(String(repeating: "x", count: 100_000)),
            "dtype": .global(PythonName("torch", "float32")),
        ])
        #expect(root["none"]?.isNone == true)
        #expect(root["yes"]?.bool == true)
        #expect(root["no"]?.bool == false)
        #expect(root["text"]?.string == "größe 日本")
        #expect(root["empty"]?.string == "")
        #expect(root["float"]?.double == 0.1)
        #expect(root["list"]?[1]?[0]?.int == 2)
        #expect(root["list"]?[1]?[1]?.list?.isEmpty == true)
        #expect(root["tuple"]?.list?.compactMap(\.int) == [1, 2, 3, 4])
        #expect(root["pair"]?[1]?.string == "a")
        guard case .bytes([0, 127, 128, 255])? = root["bytes"] else { throw Failure("bytes") }
        guard case .set(let set)? = root["set"] else { throw Failure("set") }
        #expect(set.compactMap(\.string) == ["a", "b"])
        #expect(root["nested"]?["a"]?["b"]?["c"]?.int == 3)
        #expect(root["long"]?.string?.utf8.count == 100_000)
        guard case .global(PythonName("torch", "float32"))? = root["dtype"] else { throw Failure("dtype") }
        #expect(root.dictionary?.entries.compactMap(\.key.string).first == "none")
    }

    @Test("Strings that only compose their characters differently stay two")
    func composition() throws {
        let root = try roundTrip(["\u{E9}": 1, "e\u{301}": 2, "list": ["\u{E9}", "e\u{301}"]])
        #expect(root["\u{E9}"]?.int == 1)
        #expect(root["e\u{301}"]?.int == 2)
        #expect(root["list"]?.list?.compactMap(\.string).map(\.utf8.count) == [2, 3])
    }

    @Test("Integers of every width", arguments: [
        0, 255, 256, 65535, 65536, -1, Int(Int32.max), Int(Int32.min), Int(Int32.max) + 1, Int(Int32.min) - 1, .max, .min,
    ])
    func integers(value: Int) throws {
        #expect(try roundTrip(.list([.int(value)]))[0]?.int == value)
    }

    @Test("Tensors of every type, in dictionaries with strings and integers as keys", arguments: TensorValue.DType.allCases)
    func tensors(dtype: TensorValue.DType) throws {
        let bytes = (0..<6 * dtype.size).map { dtype == .bool ? UInt8($0 % 2) : UInt8($0) }
        let tensor = TensorValue(dtype, shape: [2, 1, 3], storage: TensorStorage(bytes))
        let root = try roundTrip(.dictionary(PickleDictionary([(.int(7), .tensor(tensor))], isOrderedDict: true)))
        #expect(root.dictionary?.isOrderedDict == true)
        let found = try #require(root.dictionary?[7]?.tensor)
        #expect(found.dtype == dtype)
        #expect(found.shape == [2, 1, 3])
        #expect(found.withBytes { Array($0) } == bytes)
    }

    @Test("Parameters stay parameters, shared storages stay shared, views stay views")
    func tensorKinds() throws {
        let storage = TensorStorage([UInt8](repeating: 1, count: 48))
        let parameter = TensorValue(.float32, shape: [3, 4], storage: storage, isParameter: true, requiresGradient: true)
        let view = try TensorValue(checking: .float32, shape: [2, 2], strides: [1, 4], offset: 1, storage: storage)
        let single = TensorValue.floats([3], shape: [])
        let root = try roundTrip(["p": .tensor(parameter), "v": .tensor(view), "s": .tensor(single)])
        let found = try #require(root["p"]?.tensor)
        #expect(found.isParameter && found.requiresGradient)
        #expect(root["v"]?.tensor?.storage === found.storage)
        #expect(root["v"]?.tensor?.strides == [1, 4])
        #expect(root["v"]?.tensor?.offset == 1)
        #expect(root["s"]?.double == 3)
        #expect(root["s"]?.tensor?.shape == [])
    }

    @Test("Lent bytes are written from where they live")
    func lent() throws {
        let floats: [Float] = [1, 2, 3]
        let storage = TensorStorage(byteCount: 12) { use in floats.withUnsafeBytes(use) }
        let root = try roundTrip(["x": .tensor(TensorValue(.float32, shape: [3], storage: storage))])
        #expect(root["x"]?.tensor?.doubles == [1, 2, 3])
    }

    @Test("Objects keep class, arguments, state, items and identity")
    func objects() throws {
        let shared = PythonObject(PythonName("torch.nn.modules.activation", "SiLU"), state: ["inplace": true])
        let counter = PythonObject(
            PythonName("collections", "defaultdict"), construction: .call, arguments: [.global(PythonName("builtins", "int"))],
            listItems: [1], dictionaryItems: ["a": 2])
        let root = try roundTrip(["a": .object(shared), "b": [.object(shared)], "c": .object(counter)])
        let first = try #require(root["a"]?.object)
        #expect(first === root["b"]?[0]?.object)
        #expect(first.type.description == "torch.nn.modules.activation.SiLU")
        #expect(first["inplace"]?.bool == true)
        guard case .new = first.construction else { throw Failure("construction") }
        let second = try #require(root["c"]?.object)
        guard case .call = second.construction else { throw Failure("construction") }
        #expect(second.arguments.count == 1)
        #expect(second.listItems.compactMap(\.int) == [1])
        #expect(second.dictionaryItems["a"]?.int == 2)
    }

    @Test("Tensor data lies at multiples of 64 bytes")
    func alignment() throws {
        let tensors = (0..<20).map { ("t\($0)", PickleValue.tensor(.floats([Float($0)], shape: [1]))) }
        try PyTorchFile.write(.dictionary(PickleDictionary(tensors)), to: folder.path("a.pt"))
        let file = try MappedFile(path: folder.path("a.pt"))
        let entries = try ZipDirectory(file.bytes).entries
        #expect(entries.count == 23)
        #expect(entries.allSatisfy { $0.data.lowerBound.isMultiple(of: 64) })
    }

    @Test("The same values give the same bytes")
    func deterministic() throws {
        let value: PickleValue = ["a": 1, "t": .tensor(.floats([1, 2], shape: [2]))]
        try PyTorchFile.write(value, to: folder.path("a.pt"))
        try PyTorchFile.write(value, to: folder.path("b.pt"))
        let files = try ["a.pt", "b.pt"].map { try Data(contentsOf: folder.url.appending(path: $0)) }
        #expect(files[0] == files[1])
    }

    @Test("The 64-bit fields of large archives are written and read")
    func zip64() throws {
        let path = folder.path("wide.pt")
        try PyTorchFile.write(
            ["t": .tensor(.floats([1, 2, 3], shape: [3]))], to: AtomicFile(replacing: path), path: path, zip64Threshold: 2)
        let file = try PyTorchFile(path: path)
        try file.verify()
        #expect(file.root["t"]?.tensor?.doubles == [1, 2, 3])
    }

    @Test("A checkpoint can be replaced while it is open, with its own tensors")
    func replacingItself() throws {
        let path = folder.path("last.pt")
        try PyTorchFile.write(["t": .tensor(.floats([1, 2], shape: [2]))], to: path)
        let open = try PyTorchFile(path: path)
        let tensor = try #require(open.root["t"])
        try PyTorchFile.write(["t": tensor, "epoch": 2], to: path)
        #expect(tensor.tensor?.doubles == [1, 2])
        #expect(try PyTorchFile(path: path).root["t"]?.tensor?.doubles == [1, 2])
        #expect(folder.names == ["last.pt"])
    }

    @Test("A link is followed, the file behind it is replaced")
    func symbolicLink() throws {
        try PyTorchFile.write(["epoch": 1], to: folder.path("real.pt"))
        try FileManager.default.createSymbolicLink(atPath: folder.path("best.pt"), withDestinationPath: "real.pt")
        try PyTorchFile.write(["epoch": 2], to: folder.path("best.pt"))
        #expect(try PyTorchFile(path: folder.path("real.pt")).root["epoch"]?.int == 2)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("best.pt")) == "real.pt")
    }

    @Test("A full disk leaves the earlier file as it was, and nothing else", arguments: [true, false])
    func fullDisk(triesUnnamed: Bool) throws {
        let path = folder.path("last.pt")
        try PyTorchFile.write(["epoch": 1], to: path)
        let space = 200_000
        nonisolated(unsafe) var used = 0
        let file = try AtomicFile(replacing: path, triesUnnamed: triesUnnamed) { descriptor, bytes, count in
            let fitting = min(count, space - used)
            guard fitting > 0 else {
                errno = ENOSPC
                return -1
            }
            used += fitting
            return write(descriptor, bytes, fitting)
        }
        let big = TensorValue(.uint8, shape: [1 << 20], storage: TensorStorage([UInt8](repeating: 0, count: 1 << 20)))
        #expect(throws: PyTorchFileError.noSpace(path: path)) {
            try PyTorchFile.write(["epoch": 2, "t": .tensor(big)], to: file, path: path)
        }
        #expect(used == space)
        #expect(try PyTorchFile(path: path).root["epoch"]?.int == 1)
    }

    @Test("An unfinished file goes away, a finished one replaces", arguments: [true, false])
    func commit(triesUnnamed: Bool) throws {
        let path = folder.path("last.pt")
        for text in ["first", "second"] {
            let abandoned = try AtomicFile(replacing: path, triesUnnamed: triesUnnamed)
            try abandoned.write(Array("never seen".utf8))
            let file = try AtomicFile(replacing: path, triesUnnamed: triesUnnamed)
            try file.write(Array(text.utf8))
            try file.commit()
            #expect(try String(contentsOf: folder.url.appending(path: "last.pt"), encoding: .utf8) == text)
        }
        #expect(folder.names == ["last.pt"])
    }

    @Test("An unwritable place is named")
    func unwritable() throws {
        let missing = folder.path("nowhere/last.pt")
        #expect(message { try PyTorchFile.write(1, to: missing) } == "cannot write '\(missing)': No such file or directory")
        let occupied = folder.path("folder.pt")
        try FileManager.default.createDirectory(atPath: occupied, withIntermediateDirectories: true)
        #expect(message { try PyTorchFile.write(1, to: occupied) } == "cannot write '\(occupied)': Is a directory")
        #expect(folder.names == ["folder.pt"])
    }

    @Test("Tensors that repeat their elements too often to be read again are refused")
    func expandedTensors() throws {
        let expanded = try TensorValue(
            checking: .float32, shape: [1 << 20], strides: [0], offset: 0, storage: TensorStorage([0, 0, 0, 0]))
        let path = folder.path("a.pt")
        try PyTorchFile.write(.list(Array(repeating: .tensor(expanded), count: 16)), to: path)
        #expect(try PyTorchFile(path: path).root.list?.count == 16)
        #expect(message { try PyTorchFile.write(.list(Array(repeating: .tensor(expanded), count: 17)), to: path) }
            == "cannot write '\(path)': the tensors overlap and take more than 8 times what is stored")
    }

    @Test("Class names that could not be read again are refused", arguments: [
        ("a\nb", "holds a line feed"), (String(repeating: "n", count: 1025), "longer than 1024 bytes"),
    ])
    func classNames(name: String, expected: String) {
        let found = message { try PyTorchFile.write(.global(PythonName("m", name)), to: folder.path("a.pt")) }
        #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
    }

    @Test("Values that nest without end are refused")
    func tooDeep() {
        var value: PickleValue = 1
        for _ in 0..<300 { value = [value] }
        #expect(message { try PyTorchFile.write(value, to: folder.path("deep.pt")) }?.contains("nested deeper") == true)
        let circle = message { try PyTorchFile.write([.recursion], to: folder.path("round.pt")) }
        #expect(circle?.contains("contains itself") == true)
        #expect(folder.names == [])
    }

    private struct Failure: Error {
        let what: String
        init(_ what: String) { self.what = what }
    }
}
