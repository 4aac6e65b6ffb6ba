import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

@Suite("Data set YAML")
struct DatasetDescriptionTests {
    /// A data set of empty folders, and the YAML that describes it.
    private func describe(_ yaml: String, folders: [String] = ["data/images/train", "data/images/val"]) throws -> DatasetDescription {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        for folder in folders {
            try FileManager.default.createDirectory(at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        let file = root.appendingPathComponent("set.yaml")
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        var description = try DatasetDescription(contentsOf: file.path)
        func relative(_ paths: [String]) -> [String] { paths.map { $0.replacingOccurrences(of: root.path + "/", with: "") } }
        description.train = relative(description.train)
        description.validation = relative(description.validation)
        description.test = relative(description.test)
        return description
    }

    private func message(_ yaml: String) throws -> String {
        let error = #expect(throws: DataError.self) { try describe(yaml) }
        return error?.description ?? ""
    }

    @Test("paths are relative to the YAML, names are a list")
    func list() throws {
        let data = try describe("path: data\ntrain: images/train\nval: images/val\nnc: 2\nnames: [cat, dog]\n")
        #expect(data.train == ["data/images/train"])
        #expect(data.validation == ["data/images/val"])
        #expect(data.test == [])
        #expect(data.names == ["cat", "dog"])
    }

    @Test("names may be a map in any order, sources a list, and 'test:' empty")
    func map() throws {
        let data = try describe("train: [data/images/train, data/images/val]\nval: data/images/val\ntest:\nnames:\n  1: dog\n  0: cat\n")
        #expect(data.train == ["data/images/train", "data/images/val"])
        #expect(data.test == [])
        #expect(data.names == ["cat", "dog"])
    }

    @Test("test images need not be there until somebody wants them")
    func missingTest() throws {
        let data = try describe("path: data\ntrain: images/train\nval: images/val\ntest: ../test/images\nnames: [cat]\n")
        #expect(data.test == ["data/../test/images"])
    }

    @Test("what 'download:' says is only read where images are missing, and only of the splits that are wanted")
    func fetching() throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let yaml = root.appendingPathComponent("set.yaml")
        let text = "train: images\nval: images\ntest: others\nnames: [cat]\ndownload: "
        var calls: [Bool] = []
        func open(_ download: String, with splits: [String] = ["train", "val"]) throws {
            try (text + download).write(to: yaml, atomically: true, encoding: .utf8)
            _ = try DatasetDescription(contentsOf: yaml.path, with: splits) { _, names, _, isNeeded in
                #expect(names == ["cat"])
                calls.append(isNeeded)
                try FileManager.default.createDirectory(
                    at: root.appendingPathComponent("images"), withIntermediateDirectories: true)
            }
        }
        #expect(throws: DataError.self) { try open("import os") }
        try open("https://example.org/set.zip")
        try open("https://example.org/set.zip")
        try open("import os")
        try open("https://example.org/set.zip", with: ["test"])
        #expect(calls == [true, false, true])
    }

    @Test("a byte-order mark at the start is passed over")
    func byteOrderMark() throws {
        #expect(try describe("\u{FEFF}train: data\nval: data\nnames: [cat]\n").train == ["data"])
    }

    @Test("a leading ../ that leads nowhere is left out, as exporters write it")
    func exporterPaths() throws {
        let data = try describe("train: ../data/images/train\nval: ../data/images/val\nnames: [cat]\n")
        #expect(data.train == ["data/images/train"])
    }

    @Test("classes without names are numbered")
    func unnamed() throws {
        #expect(try describe("train: data\nval: data\nnc: 2\n").names == ["class0", "class1"])
    }

    @Test("what is wrong is named with its line", arguments: [
        ("train: data\nval: data\nnc: 3\nnames: [cat, dog]\n", "set.yaml:3: 'names:' has 2 entries, but 'nc:' says 3"),
        ("train: data\nval: data\nnc: many\nnames: [cat]\n", "set.yaml:3: 'nc:' is the number of classes, found 'many'"),
        ("train: data\nval: data\nnc: 1000000000000\n", "set.yaml:3: 'nc:' says 1000000000000; at most 65536"),
        ("train: data\nval: data\nnames:\n  0: cat\n  2: dog\n", "none for class 1"),
        ("train: data\nval: data\n", "set.yaml: 'names:' is missing"),
        ("val: data\nnames: [cat]\n", "set.yaml: 'train:' is missing"),
        ("train: [data\nval: data\n", "set.yaml:2: not valid YAML"),
        ("just text\n", "set.yaml: expected the keys train, val and names"),
        ("train:\n  folder: data\nval: data\nnames: [cat]\n", "'train:' holds something that is not a path"),
    ])
    func errors(yaml: String, part: String) throws {
        let message = try message(yaml)
        #expect(message.contains(part), "\(message)")
    }

    @Test("a folder that does not exist is named with all paths tried")
    func missingFolder() throws {
        let message = try message("path: data\ntrain: images/nowhere\nval: images/val\nnames: [cat]\n")
        #expect(message.contains("'train: images/nowhere' of "))
        #expect(message.contains("set.yaml:2"))
        #expect(message.contains("/data/images/nowhere, data/images/nowhere"))
    }

    @Test("a name that is no file says where it was looked for")
    func missingFile() {
        let error = #expect(throws: DataError.self) { try DatasetDescription(contentsOf: "no-such-set.yaml") }
        #expect(error?.description
            == "data set no-such-set.yaml does not exist; tried no-such-set.yaml, data/no-such-set.yaml; "
            + "give the path of the data set's YAML to --data, or one of the built-in names: coco128.yaml, coco.yaml, VOC.yaml, "
            + "VisDrone.yaml, xView.yaml, Argoverse.yaml, GlobalWheat2020.yaml, Objects365.yaml, SKU-110K.yaml")
    }
}
