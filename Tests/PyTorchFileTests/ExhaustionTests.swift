import Foundation
import Testing

@testable import PyTorchFile

/// Small files that ask for very much time or memory: refused, or read as fast as any other.
@Suite(.serialized) struct ExhaustionTests {
    let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    /// Reads a checkpoint and says why not, and that it took no longer than a few seconds.
    private func complaint(_ body: [UInt8], storages: [String: [UInt8]] = ["0": FuzzSeeds.storage]) -> String? {
        var found: String?
        let time = ContinuousClock().measure {
            found = message {
                let file = try folder.open(pickle: Pickle.header + body + Pickle.stop, storages: storages)
                if file.root["model"] != nil { _ = try StateDictionary(file.root["model"], named: "model") }
            }
        }
        #expect(time < .seconds(20))  // most take a hundredth of a second, without bounds some would take days
        return found
    }

    private func bytes(_ count: Int, _ byte: UInt8 = 0x61) -> [UInt8] { [UInt8](repeating: byte, count: count) }

    private func repeated(_ body: [UInt8], _ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(body.count * count)
        for _ in 0..<count { result += body }
        return result
    }

    // MARK: Archives

    @Test("Entries that share their bytes are refused")
    func overlappingEntries() throws {
        // The second record of the directory is made to point into the first one's data, where its own header is copied.
        let inner = Array("PK\u{3}\u{4}".utf8) + bytes(22, 0) + [3, 0, 0, 0] + Array("a/b".utf8)
        let file = try AtomicFile(replacing: folder.path("x.pt"))
        var writer = ZipWriter(file)
        try writer.add("a/a", inner + bytes(8))
        let place = 64  // the data of the first entry
        try writer.add("a/b", bytes(8))
        try writer.finish()
        try file.commit()
        var whole = Array(try Data(contentsOf: folder.url.appending(path: "x.pt")))
        #expect(message { _ = try folder.open(whole) }?.contains("without data.pkl") == true)
        let end = whole.count - 22
        let directory = Int(whole[end + 16]) | Int(whole[end + 17]) << 8
        let second = directory + 46 + 3
        whole[second + 42] = UInt8(place)
        whole[second + 43] = 0
        #expect(message { _ = try folder.open(whole) }?.contains("'a/b' overlaps the one before it") == true)
    }

    @Test("More entries than any checkpoint has are refused")
    func manyEntries() {
        let count = Limits.archiveEntries + 1
        var file = bytes(46 * count, 0)
        let end = file.count
        file.put(UInt32(0x0606_4B50))
        file.put(UInt64(44))
        file.append(contentsOf: bytes(12, 0))
        for number in [count, count, end, 0] { file.put(UInt64(number)) }
        file.put(UInt32(0x0706_4B50))
        file.put(UInt32(0))
        file.put(UInt64(end))
        file.put(UInt32(1))
        file.put(UInt32(0x0605_4B50))
        file.append(contentsOf: bytes(4, 0))
        file.append(contentsOf: bytes(12, 0xFF))
        file.append(contentsOf: bytes(2, 0))
        #expect(message { _ = try folder.open(file) }?.contains("holds 262145 entries, more than 262144") == true)
    }

    @Test("Names of entries that are no text, or come twice, are errors or other names")
    func entryNames() throws {
        func archive(_ names: [String]) -> String? {
            message {
                let file = try AtomicFile(replacing: folder.path("x.pt"))
                var writer = ZipWriter(file)
                for name in names { try writer.add(name, [1]) }
                try writer.finish()
                try file.commit()
                var whole = Array(try Data(contentsOf: folder.url.appending(path: "x.pt")))
                for (index, byte) in whole.enumerated() where byte == UInt8(ascii: "?") { whole[index] = 0xFF }
                _ = try folder.open(whole)
            }
        }
        #expect(archive(["a/b", "a/b"])?.contains("the archive holds 'a/b' twice") == true)
        #expect(archive(["a/??", "a/b"])?.contains("without data.pkl") == true)
        #expect(archive(["a/?", "a/\u{FFFD}"])?.contains("twice") == true)
        #expect(archive(["a/../data.pkl"])?.contains("without data.pkl") == true)
    }

    // MARK: Pickles

    @Test("Each bound of the pickle machine is told")
    func machineBounds() {
        #expect(complaint(bytes(Limits.values + 1, 0x5D))?.contains("more than 1048576 values") == true)
        #expect(complaint(repeated([0x4E, 0x30], Limits.instructions / 2 + 1))?.contains("more than 4194304 instructions") == true)
        #expect(complaint([0x42, 0, 0, 0, 4] + bytes(64 << 20))?.contains("more than 67108864") == true)
    }

    @Test("As many values as are allowed are read")
    func largest() {
        let count = Limits.values - 100
        #expect(complaint(Pickle.mark + bytes(count, 0x5D) + Pickle.tuple) == nil)
        #expect(complaint(Pickle.mark + bytes(4 * count, 0x4E) + Pickle.tuple) == nil)
        // A million objects, a million dictionaries, a million times the same key.
        let object = Pickle.get(0) + Pickle.emptyTuple + Pickle.newObject
        #expect(complaint(Pickle.mark + Pickle.global("a", "B") + Pickle.put(0) + repeated(object, count) + Pickle.tuple) == nil)
        let dictionary = Pickle.emptyDict + Pickle.get(0) + Pickle.none + Pickle.setItem
        #expect(complaint(Pickle.mark + Pickle.string("k") + Pickle.put(0) + repeated(dictionary, count) + Pickle.tuple) == nil)
        let same = Pickle.get(0) + Pickle.none
        #expect(complaint(
            Pickle.string("k") + Pickle.put(0) + Pickle.emptyDict + Pickle.mark + repeated(same, count) + Pickle.setItems) == nil)
    }

    @Test("Containers that grow an element at a time grow in place", arguments: [
        (Pickle.emptyList, [0x4E, 0x61]), ([0x8F], [0x28, 0x4E, 0x90]), (Pickle.emptyDict, [0x4E, 0x4E, 0x73]),
        (Pickle.global("a", "B") + Pickle.emptyTuple + Pickle.newObject, [0x4E, 0x61]),
        (Pickle.global("a", "B") + Pickle.emptyTuple + Pickle.newObject, [0x4E, 0x4E, 0x73]),
    ] as [([UInt8], [UInt8])])
    func growth(container: [UInt8], step: [UInt8]) {
        #expect(complaint(container + repeated(step, 400_000)) == nil)
    }

    @Test("A long string cannot be the key of dictionary after dictionary")
    func longKeys() {
        let key = Pickle.string(String(repeating: "k", count: 1 << 20)) + Pickle.put(0)
        let dictionary = Pickle.emptyDict + Pickle.get(0) + Pickle.none + Pickle.setItem
        let found = complaint(Pickle.mark + key + repeated(dictionary, 100_000) + Pickle.tuple)
        #expect(found?.contains("have keys of more than") == true, "\(found ?? "accepted")")
        let pairs = Pickle.list(Pickle.get(0) + Pickle.none + Pickle.tuple2) + Pickle.tuple1
        let ordered = repeated(Pickle.get(1) + pairs + Pickle.reduce, 100_000)
        let other = complaint(
            Pickle.mark + key + Pickle.global("collections", "OrderedDict") + Pickle.put(1) + ordered + Pickle.tuple)
        #expect(other?.contains("have keys of more than") == true, "\(other ?? "accepted")")
    }

    @Test("Two strings cannot name class after class")
    func longNames() throws {
        let name = Pickle.string(String(repeating: "n", count: 1024)) + Pickle.put(0)
        let found = complaint(Pickle.mark + name + repeated(Pickle.get(0) + Pickle.get(0) + [0x93], 10_000) + Pickle.tuple)
        #expect(found?.contains("names classes in more than") == true, "\(found ?? "accepted")")
        #expect(complaint(Pickle.string(String(repeating: "n", count: 1025)) + Pickle.put(0) + Pickle.get(0) + [0x93])?
            .contains("a class name is longer than 1024 bytes") == true)
    }

    @Test("Paths cannot repeat a long part without end")
    func longPaths() {
        let part = Pickle.string(String(repeating: "p", count: 1 << 20)) + Pickle.put(0)
        let path = Pickle.global("pathlib", "PosixPath") + Pickle.mark + repeated(Pickle.get(0), 1000) + Pickle.tuple + Pickle.reduce
        #expect(complaint(Pickle.mark + part + path + Pickle.tuple)?.contains("bytes of encoded text") == true)
    }

    @Test("The key of a storage and the code of a NumPy type are short")
    func longWords() {
        let long = String(repeating: "0", count: 2000)
        #expect(complaint(Pickle.storage(key: long, count: 4))?.contains("key of a storage is longer than 1024") == true)
        let type = Pickle.numPyType(String(repeating: "f", count: 1 << 20)) + Pickle.put(0)
        let scalar = Pickle.get(1) + Pickle.get(0) + Pickle.none + Pickle.tuple2 + Pickle.reduce
        #expect(complaint(
            Pickle.mark + type + Pickle.global("numpy.core.multiarray", "scalar") + Pickle.put(1) + repeated(scalar, 100_000)
                + Pickle.tuple) == nil)
    }

    // MARK: Tensors

    @Test("Numbers that overflow where nothing is read do no harm")
    func absurdNumbers() throws {
        func tensor(_ offset: Int, _ shape: [Int], _ strides: [Int]) throws -> TensorValue {
            let pickle = Pickle.header + Pickle.tensor(Pickle.storage(count: 4), offset: offset, shape: shape, strides: strides)
            return try #require(
                try folder.open(pickle: pickle + Pickle.stop, storages: ["0": FuzzSeeds.storage]).root.tensor)
        }
        let empty = try tensor(.max, [0], [1])
        #expect(empty.doubles.isEmpty)
        #expect(empty.withBytes { $0.count } == 0)
        let view = try tensor(0, [2, 1, 1, 2], [1, .max, .max / 2, 2])
        #expect(view.withBytes { Array($0) } == [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15])
        #expect(message { _ = try tensor(0, [1 << 40, 1 << 40, 0], [1, 1, 1]) }?.contains("is too large") == true)
        #expect(message { _ = try tensor(0, [1 << 61, 0], [1, 1]) }?.contains("is too large") == true)
    }

    @Test("Tensors that repeat their elements are bounded together")
    func expandedTensors() {
        let tensor = Pickle.tensor(Pickle.storage(count: 4), shape: [1 << 20], strides: [0])
        #expect(complaint(Pickle.list(tensor, tensor, tensor)) == nil)
        let found = complaint(Pickle.emptyList + Pickle.mark + repeated(tensor, 20) + Pickle.appends)
        #expect(found?.contains("its tensors overlap and take more than 8 times what is stored") == true, "\(found ?? "accepted")")
    }

    @Test("One tensor cannot stand for many in a model")
    func sharedTensor() {
        let tensor = Pickle.tensor(Pickle.storage(count: 4), shape: [1 << 20], strides: [0]) + Pickle.put(0)
        let names = (0..<20).flatMap { Pickle.string("t\($0)") + Pickle.get(0) }
        let model = Pickle.emptyDict + Pickle.string("t") + tensor + Pickle.setItem + Pickle.mark + names + Pickle.setItems
        let found = complaint(Pickle.dict(("model", model)))
        #expect(found?.contains("'model' is a model whose tensors take") == true, "\(found ?? "accepted")")
    }

    @Test("Arrays of NumPy cannot be made of the same bytes without end")
    func sharedArrays() {
        let data = [0x42, 0, 0, 16, 0] + bytes(1 << 20) + Pickle.put(0)
        let type = Pickle.numPyType("i2", order: ">") + Pickle.put(1)
        let array =
            Pickle.get(2) + Pickle.mark + Pickle.get(0) + Pickle.get(1) + Pickle.ints([1 << 19]) + Pickle.string("C") + Pickle.tuple
            + Pickle.reduce
        let found = complaint(
            Pickle.mark + data + type + Pickle.global("numpy.core.numeric", "_frombuffer") + Pickle.put(2) + repeated(array, 1000)
                + Pickle.tuple)
        #expect(found?.contains("its tensors overlap") == true, "\(found ?? "accepted")")
    }

    // MARK: Models

    @Test("Modules that list very many absent things again and again are refused")
    func sharedModules() {
        let absent = Pickle.emptyDict + Pickle.mark + (0..<5000).flatMap { Pickle.int($0) + Pickle.none } + Pickle.setItems
        var model = Pickle.module(parameters: absent)
        for _ in 0..<12 {
            model += Pickle.put(0) + Pickle.module(modules: Pickle.emptyDict + Pickle.string("0") + Pickle.get(0) + Pickle.setItem
                + Pickle.string("1") + Pickle.get(0) + Pickle.setItem)
        }
        // 4096 times 5000 entries are looked at, in a file of 100 kB.
        let found = complaint(Pickle.emptyDict + Pickle.mark + Pickle.string("rest") + Pickle.mark + model
            + Pickle.put(0) + Pickle.tuple + Pickle.string("model") + Pickle.get(0) + Pickle.setItems)
        #expect(found?.contains("lists more than 4194304 entries") == true, "\(found ?? "accepted")")
    }

    // MARK: Messages

    @Test("A file cannot write to the terminal through a message")
    func messages() {
        let escape = Pickle.tensor(Pickle.storage("\u{1B}[2J\u{202E}", count: 4), shape: [4], strides: [1])
        let found = complaint(escape) ?? "accepted"
        #expect(found.contains("torch.\\u{1b}[2J\\u{202e}, a type"))
        #expect(!found.unicodeScalars.contains("\u{1B}"))
        let long = message { throw PyTorchFileError.malformed(path: "x", reason: String(repeating: "x", count: 100_000)) }
        #expect((long?.utf8.count ?? .max) < 2000)
    }
}
