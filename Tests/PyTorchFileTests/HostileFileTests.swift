import Foundation
import Glibc
import Testing

@testable import PyTorchFile

/// Files that are broken or made to do harm: an error in words, and nothing else.
@Suite struct HostileFileTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    /// A small checkpoint with every kind of value.
    private func sample() throws -> [UInt8] {
        let weight = TensorValue.floats([1, 2, 3, 4], shape: [2, 2])
        let module = StateDictionaryTests.module(parameters: ["weight": .tensor(weight)])
        try PyTorchFile.write(
            ["epoch": 3, "model": module, "list": [1.5, nil, .tuple([true, "x"])], "bytes": .bytes([1, 200])],
            to: folder.path("sample.pt"))
        return Array(try Data(contentsOf: folder.url.appending(path: "sample.pt")))
    }

    /// Reads everything that can be reached, and says whether the file was accepted.
    @discardableResult
    private func exhaust(_ bytes: [UInt8]) throws -> Bool {
        do {
            let file = try folder.open(bytes)
            let state = try StateDictionary(file.root["model"], named: "model")
            for (_, tensor) in state.entries { _ = tensor.doubles.count }
            try file.verify()
            return true
        } catch is PyTorchFileError {
            return false
        }
    }

    @Test("A file that is cut short anywhere is an error")
    func truncations() throws {
        let whole = try sample()
        #expect(try exhaust(whole))
        for count in stride(from: 1, to: whole.count, by: 3) {
            #expect(try !exhaust(Array(whole.prefix(count))), "cut at \(count)")
        }
        #expect(message { _ = try folder.open(Array(whole.prefix(whole.count - 1))) }?.contains("is cut short") == true)
    }

    @Test("Flipped bits never crash, and are found by the checksums where they matter")
    func flippedBits() throws {
        let whole = try sample()
        var random = SplitMix(state: 1)
        for _ in 0..<3000 {
            var bytes = whole
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            try exhaust(bytes)
        }
    }

    @Test("Damaged pickles never crash, even with the right checksum")
    func damagedPickles() throws {
        let value: PickleValue = [
            "model": StateDictionaryTests.module(parameters: ["w": .tensor(.floats([1, 2], shape: [2]))]),
            "set": .set([1]), "bytes": .bytes([1, 200]), "names": ["a", "b"], "tuple": .tuple([1, 2, 3, 4, 5]),
        ]
        let pickle = try PickleEncoder.encode(value).bytes
        var random = SplitMix(state: 2)
        var accepted = 0
        for _ in 0..<20_000 {
            var bytes = pickle
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            do throws(Defect) {
                let graph = try withRawBytes(of: bytes) { (raw) throws(Defect) in
                    let graph = try PickleMachine.run(raw)
                    return try ValueBuilder.value(of: graph) { (_, count, _) throws(Defect) in
                        guard count == 8 else { throw .malformed("size") }
                        return TensorStorage([UInt8](repeating: 0, count: 8))
                    }
                }
                _ = try? StateDictionary(graph["model"], named: "model")
                accepted += 1
            } catch {
                #expect(!error.located(in: "x.pt").description.isEmpty)
            }
        }
        #expect(accepted > 0 && accepted < 20_000)
    }

    @Test("A call of os.system is a name with an argument")
    func code() throws {
        let marker = folder.path("executed")
        let call = Pickle.global("os", "system") + Pickle.string("touch \(marker)") + Pickle.tuple1 + Pickle.reduce
        let root = try folder.open(pickle: Pickle.header + call + Pickle.stop).root
        let object = try #require(root.object)
        #expect(object.type == PythonName("os", "system"))
        #expect(object.arguments[0].string == "touch \(marker)")
        #expect(!FileManager.default.fileExists(atPath: marker))
        #expect(root.kind == "an object of os.system")
    }

    @Test("A chain of calls stays a value: the result of one cannot be called")
    func calledResult() {
        let getter = Pickle.global("builtins", "getattr") + Pickle.emptyTuple + Pickle.reduce
        let pickle = Pickle.header + getter + Pickle.emptyTuple + Pickle.reduce + Pickle.stop
        #expect(message { _ = try folder.open(pickle: pickle) }?.contains("an object is used as a class or function") == true)
    }

    @Test("Deep nesting is an error, however it is reached", arguments: [1_000, 200_000])
    func deepNesting(levels: Int) throws {
        let lists = Pickle.header + [UInt8](repeating: 0x5D, count: levels) + [UInt8](repeating: 0x61, count: levels - 1)
        #expect(message { _ = try folder.open(pickle: lists + Pickle.stop) }?.contains("nested deeper than 256") == true)

        let tuples = Pickle.header + Pickle.none + [UInt8](repeating: 0x85, count: levels)
        #expect(message { _ = try folder.open(pickle: tuples + Pickle.stop) }?.contains("nested deeper than 256") == true)

        // Bottom up: each list holds the one before it, and all are elements of one outer list, innermost first.
        var steps = Pickle.header + Pickle.emptyList + Pickle.emptyList + Pickle.put(0) + Pickle.append
        for _ in 0..<levels { steps += Pickle.emptyList + Pickle.get(0) + Pickle.append + Pickle.put(0) + Pickle.append }
        #expect(message { _ = try folder.open(pickle: steps + Pickle.stop) }?.contains("nested deeper than 256") == true)
    }

    @Test("Values at the limit of nesting are released on a small stack")
    func releaseAtLimit() throws {
        let lists = Pickle.header + [UInt8](repeating: 0x5D, count: 255) + [UInt8](repeating: 0x61, count: 254) + Pickle.stop
        let path = folder.path("x.pt")
        _ = try folder.open(pickle: lists)
        nonisolated(unsafe) var isRead = false
        let done = DispatchSemaphore(value: 0)
        let thread = Thread {
            isRead = (try? PyTorchFile(path: path)) != nil
            done.signal()
        }
        thread.stackSize = 256 << 10
        thread.start()
        done.wait()
        #expect(isRead)
    }

    @Test("An object that contains itself is cut")
    func circles() throws {
        let list = Pickle.header + Pickle.emptyList + Pickle.put(0) + Pickle.get(0) + Pickle.append + Pickle.stop
        guard case .recursion? = try folder.open(pickle: list).root[0] else {
            Issue.record("the list is not cut")
            return
        }
        let object =
            Pickle.header + Pickle.global("a", "B") + Pickle.emptyTuple + Pickle.newObject + Pickle.put(0) + Pickle.emptyDict
            + Pickle.string("self") + Pickle.get(0) + Pickle.setItem + Pickle.build + Pickle.stop
        guard case .recursion? = try folder.open(pickle: object).root["self"] else {
            Issue.record("the object is not cut")
            return
        }
    }

    @Test("A list that doubles sixty times is described without being spelled out")
    func doubling() throws {
        var pickle = Pickle.header + Pickle.emptyList + Pickle.put(0)
        for _ in 0..<60 { pickle += Pickle.get(0) + Pickle.tuple2 + Pickle.put(0) }
        #expect(try folder.open(pickle: pickle + Pickle.stop).root.list?.count == 2)
    }

    @Test("Storages and shapes that lie are errors", arguments: [
        (Pickle.tensor(Pickle.storage(count: 4), shape: [5], strides: [1]), "reaches outside of its storage of 4 elements"),
        (Pickle.tensor(Pickle.storage(count: 4), offset: 1, shape: [4], strides: [1]), "reaches outside"),
        (Pickle.tensor(Pickle.storage(count: 4), shape: [1 << 40], strides: [0]), "is too large"),
        (Pickle.tensor(Pickle.storage(count: 4), shape: [1 << 40, 1 << 40], strides: [1, 1]), "is too large"),
        (Pickle.tensor(Pickle.storage(count: 4), shape: [-1], strides: [1]), "has a negative number"),
        (Pickle.tensor(Pickle.storage(count: 5), shape: [5], strides: [1]), "has 16 bytes instead of 20"),
        (Pickle.tensor(Pickle.storage(count: 1 << 62), shape: [1], strides: [1]), "claims 4611686018427387904 elements"),
        (Pickle.tensor(Pickle.storage(key: "../0", count: 4), shape: [4], strides: [1]), "'../0' of a tensor is missing"),
        (Pickle.tensor(Pickle.storage("QInt8Storage", count: 16), shape: [4], strides: [1]), "torch.QInt8Storage"),
        (Pickle.tensor(Pickle.none, shape: [4], strides: [1]), "_rebuild_tensor_v2 is given the wrong arguments"),
    ])
    func lyingTensors(tensor: [UInt8], expected: String) {
        let found = message {
            _ = try folder.open(
                pickle: Pickle.header + tensor + Pickle.stop, storages: ["0": [UInt8](repeating: 0, count: 16)])
        }
        #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
    }

    @Test("Instructions outside of the format are named", arguments: [
        ([0x80, 2, 0x49], "the instruction INT at byte 2"), ([0x80, 2, 0x69], "the instruction INST at byte 2"),
        ([0x80, 2, 0x97], "the instruction NEXTBUFFER at byte 2"), ([0x80, 2, 0xFF], "there is no instruction 255"),
        ([0x80, 1], "protocol 1"), ([0x80, 6], "protocol 6"), ([0x80, 2, 0x2E], "the stack is empty"),
        ([0x80, 2, 0x65], "a MARK is missing"), ([0x80, 2, 0x28, 0x5D, 0x28, 0x61], "the stack is empty"),
        ([0x80, 2, 0x68, 9], "memo number 9 is not set"), ([0x80, 2, 0x4E, 0x72, 255, 255, 255, 255], "is out of range"),
        ([0x80, 2, 0x58, 255, 255, 255, 255], "ends too early"), ([0x80, 2, 0x8B, 255, 255, 255, 255], "ends too early"),
        ([0x80, 2, 0x63, 0x61], "ends within a name"), ([0x80, 2, 0x4E, 0x4E, 0x61], "an element is appended to None"),
        ([0x80, 2, 0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1], "an integer of 9 bytes"), ([], "ends too early"),
    ] as [([UInt8], String)])
    func instructions(pickle: [UInt8], expected: String) {
        let found = message { _ = try folder.open(pickle: pickle) }
        #expect(found?.contains(expected) == true, "\(found ?? "accepted")")
    }

    @Test("One text cannot be turned into bytes again and again")
    func encodedText() {
        var pickle = Pickle.header + Pickle.emptyList + Pickle.global("_codecs", "encode") + Pickle.put(0)
        let text = String(repeating: "x", count: 1 << 20)
        pickle += Pickle.string(text) + Pickle.string("latin1") + Pickle.tuple2 + Pickle.put(1)
        for _ in 0..<100 { pickle += Pickle.get(0) + Pickle.get(1) + Pickle.reduce }
        let found = message { _ = try folder.open(pickle: Pickle.header + Pickle.mark + pickle + Pickle.tuple + Pickle.stop) }
        #expect(found?.contains("bytes of encoded text") == true, "\(found ?? "accepted")")
    }

    @Test("Other files are told apart")
    func otherFiles() throws {
        func complaint(_ bytes: [UInt8]) -> String { message { _ = try folder.open(bytes) } ?? "accepted" }
        #expect(complaint([]).hasSuffix("is not a PyTorch checkpoint: the file is empty"))
        #expect(complaint(Array("nc: 80\n".utf8)).hasSuffix("is not a PyTorch checkpoint: it is no zip archive"))
        #expect(complaint([0x80]).hasSuffix("it is no zip archive"))
        let legacy: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]
        #expect(complaint([0x80, 2] + legacy).contains("PyTorch before 1.6; load it with torch.load"))
        #expect(complaint([0x80, 4, 0x95] + [13, 0, 0, 0, 0, 0, 0, 0] + legacy).contains("PyTorch before 1.6"))
        #expect(complaint([0x80, 2, 0x8A, 0x0A] + [UInt8](repeating: 1, count: 40)).hasSuffix("it is no zip archive"))
        let tar = Array("storages".utf8) + [UInt8](repeating: 0, count: 249) + Array("ustar  ".utf8)
        #expect(complaint(tar + [UInt8](repeating: 0, count: 248)).contains("a tar archive, the format of PyTorch's first releases"))
        #expect(complaint([0x1F, 0x8B, 8, 0]).contains("compressed with gzip; unpack it first"))
        #expect(complaint([0x80, 4, 0x4E, 0x2E]).contains("a pickle without an archive around it"))
        #expect(complaint(FuzzSeeds.safetensors("{}", dataCount: 0)).contains("give it the extension .safetensors"))
        #expect(complaint(Array("version https://git-lfs.github.com/spec/v1\n".utf8)).contains("git lfs pull"))
        #expect(complaint(Array("<!DOCTYPE html>".utf8)).contains("a web page"))

        let missing = folder.path("missing.pt")
        #expect(message { _ = try PyTorchFile(path: missing) } == "cannot read '\(missing)': No such file or directory")
        #expect(message { _ = try PyTorchFile(path: folder.url.path) }?.hasSuffix("it is a folder") == true)
        #expect(mkfifo(folder.path("pipe.pt"), 0o600) == 0)
        #expect(message { _ = try PyTorchFile(path: folder.path("pipe.pt")) }?.hasSuffix("it is no regular file") == true)
    }

    @Test("Archives of other things are told apart", arguments: [
        (["notes.txt": [1]], "it is a zip archive without data.pkl"),
        (["a/data.pkl": [1], "a/constants.pkl": [1]], "it is a TorchScript program"),
        (["a/data.pkl": [1], "b/data.pkl": [1]], "the archive holds 2 pickles"),
        (["a/data.pkl": [1], "a/byteorder": Array("middle".utf8)], "its byte order is neither 'little' nor 'big'"),
    ] as [([String: [UInt8]], String)])
    func otherArchives(entries: [String: [UInt8]], expected: String) {
        #expect(message { _ = try folder.open(archive: entries) }?.contains(expected) == true)
    }

    @Test("Archives that lie about sizes, places, names or methods are errors")
    func lyingArchives() throws {
        let whole = try sample()
        let end = whole.count - 22
        let directory = Int(UInt32(whole[end + 16]) | UInt32(whole[end + 17]) << 8)
        func altered(_ changes: [(Int, UInt8)]) -> String? {
            var bytes = whole
            for (offset, byte) in changes { bytes[offset] = byte }
            return message { _ = try folder.open(bytes) }
        }
        #expect(altered([(directory + 10, 8)])?.contains("'archive/data.pkl' is compressed") == true)
        #expect(altered([(directory + 8, 1)])?.contains("'archive/data.pkl' is encrypted") == true)
        #expect(altered([(directory + 20, 0xFE)])?.contains("two different sizes") == true)
        #expect(altered([(directory + 22, 0xFE), (directory + 26, 0xFE)])?.contains("ends too early") == true)
        #expect(altered([(directory + 43, 0x01)])?.contains("is not at byte 256") == true)
        #expect(altered([(directory + 50, 0x58)])?.contains("has another name at its place") == true)
        #expect(altered([(directory, 0)])?.contains("directory is broken") == true)
        #expect(altered([(end + 10, 0xFE), (end + 11, 0xFE)])?.contains("entries in") == true)
        #expect(altered([(end + 10, 0xFF), (end + 11, 0xFF)])?.contains("is damaged") == true)
        #expect(altered([(100, whole[100] ^ 1)])?.contains("the checksum of 'archive/data.pkl'") == true)
    }
}

extension TestFolder {
    /// Reads an archive of these entries.
    func open(archive: [String: [UInt8]]) throws -> PyTorchFile {
        let file = try AtomicFile(replacing: path("x.pt"))
        var writer = ZipWriter(file)
        for (name, bytes) in archive.sorted(by: { $0.key < $1.key }) { try writer.add(name, bytes) }
        try writer.finish()
        try file.commit()
        return try PyTorchFile(path: path("x.pt"))
    }
}
