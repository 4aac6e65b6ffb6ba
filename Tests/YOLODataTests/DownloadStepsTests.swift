import Testing
import Yams
@testable import YOLOData

@Suite("What 'download:' of a data set YAML says")
struct DownloadStepsTests {
    private typealias Action = DownloadSteps.Action

    private func steps(_ yaml: String) throws -> DownloadSteps {
        let document = try #require(try Yams.compose(yaml: yaml))
        return try DownloadSteps(try #require(document.mapping?["download"]), file: "set.yaml")
    }

    private func message(_ yaml: String) throws -> String {
        let error = #expect(throws: DataError.self) { try steps(yaml) }
        return error?.description ?? ""
    }

    @Test("an address alone is unpacked beside 'path'")
    func address() throws {
        let steps = try steps("download: https://example.org/a/coco128.zip\n")
        #expect(steps.steps.map(\.action) == [.fetch(url: "https://example.org/a/coco128.zip", into: "..", sha256: nil)])
    }

    @Test("steps keep their order, their lines and what makes them needless")
    func list() throws {
        let digest = String(repeating: "a0", count: 32)
        let steps = try steps("""
            train: x
            download:
              - url: https://example.org/a.zip
                into: images
                sha256: \(digest)
                unless: images/train
              - https://example.org/b.zip
              - manual: https://example.org
                what: everything
                unless: all.txt
              - move: tracking
                to: images
              - convert: voc
                from: VOCdevkit
                to: .
              - split: images/train
            """)
        #expect(steps.steps.map(\.action) == [
            .fetch(url: "https://example.org/a.zip", into: "images", sha256: digest),
            .fetch(url: "https://example.org/b.zip", into: "..", sha256: nil),
            .manual(url: "https://example.org", what: "everything"),
            .move(from: "tracking", to: "images"),
            .convert(format: .voc, from: "VOCdevkit", to: "."),
            .split(folder: "images/train"),
        ])
        #expect(steps.steps.map(\.line) == [3, 7, 8, 11, 13, 16])
        #expect(steps.steps.map(\.unless) == ["images/train", nil, "all.txt", nil, nil, nil])
    }

    @Test("scripts are told from the rest", arguments: ["bash data/scripts/get_coco.sh --val", "data/scripts/get.sh", "|\n  #!/bin/sh\n  echo"])
    func scripts(text: String) throws {
        guard case .script = try steps("download: \(text)\n").steps[0].action else { return #expect(Bool(false)) }
    }

    @Test("Python is refused with what to do instead", arguments: [
        "import os\n  os.remove('x')", "from yolov5.utils.general import download", "# Download\n  urls = ['https://x/y.zip']\n  download(urls)",
        "def f():\n    pass",
    ])
    func python(code: String) throws {
        let message = try message("download: |\n  \(code)\n")
        #expect(message.contains("set.yaml:1: 'download:' is Python, which is not run. Let Python's YOLOv5"), "\(message)")
    }

    @Test("what is wrong is named with its line", arguments: [
        ("get it somewhere", "set.yaml:1: 'download:' is an address"), ("[]", "an address, or a list of steps"), ("{url: x}", "an address, or a list of steps"),
        ("[{into: x}]", "found none"), ("[{url: 'https://x/y.zip', move: a}]", "found url and move"), ("[{url: 'ftp://x/y.zip'}]", "no address"),
        ("[{url: 'https://x/'}]", "does not end with the name of a file"), ("[{url: 'https://x/y.zip', to: a}]", "'to' is no key of this step"),
        ("[{url: 'https://x/y.zip', into: /etc}]", "leads at most to its parent"), ("[{url: 'https://x/y.zip', into: ../..}]", "leads at most"),
        ("[{url: 'https://x/y.zip', into: a/../..}]", "leads at most"), ("[{url: 'https://x/y.zip', sha256: abc}]", "64 hexadecimal"),
        ("[{move: a}]", "lacks 'to:'"), ("[{move: ../../a, to: b}]", "leads at most"), ("[{convert: pascal, from: a, to: b}]", "known are coco, voc"),
        ("[{manual: 'https://x', what: y}]", "says by 'unless'"), ("[{url: [a]}]", "is a text"), ("[[a]]", "has keys"),
        ("\n  - https://x/y.zip\n  - split: /\n", "set.yaml:3: 'split: /'"),
    ])
    func errors(value: String, part: String) throws {
        let message = try message("download: \(value)\n")
        #expect(message.contains(part), "\(message)")
    }
}

@Suite("Built-in data sets")
struct BuiltInDatasetTests {
    @Test("the nine of the reference are there, with and without 'data/'")
    func names() {
        #expect(BuiltInDataset.names == [
            "coco128.yaml", "coco.yaml", "VOC.yaml", "VisDrone.yaml", "xView.yaml", "Argoverse.yaml", "GlobalWheat2020.yaml", "Objects365.yaml",
            "SKU-110K.yaml",
        ])
        for name in BuiltInDataset.names { #expect(BuiltInDataset.text(named: "data/" + name) == BuiltInDataset.text(named: name)) }
        #expect(BuiltInDataset.text(named: "coco256.yaml") == nil)
        #expect(BuiltInDataset.text(named: "other/coco.yaml") == nil)
    }

    @Test("each has its classes, its parts, and steps that can be read", arguments: [
        ("coco128.yaml", 80, "person", "toothbrush"), ("coco.yaml", 80, "person", "toothbrush"), ("VOC.yaml", 20, "aeroplane", "tvmonitor"),
        ("VisDrone.yaml", 10, "pedestrian", "motor"), ("xView.yaml", 60, "Fixed-wing Aircraft", "Tower"), ("Argoverse.yaml", 8, "person", "stop_sign"),
        ("GlobalWheat2020.yaml", 1, "wheat_head", "wheat_head"), ("Objects365.yaml", 365, "Person", "Table Tennis"), ("SKU-110K.yaml", 1, "object", "object"),
    ])
    func content(name: String, classes: Int, first: String, last: String) throws {
        let text = try #require(BuiltInDataset.text(named: name))
        let root = try #require(try Yams.compose(yaml: text)?.mapping)
        let names = try #require(root["names"]?.sequence).compactMap { $0.scalar?.string }
        #expect(names.count == classes && names.first == first && names.last == last)
        #expect(Set(names).count == classes)
        #expect(root["path"]?.string == "../datasets/" + name.dropLast(".yaml".count))
        #expect(root["train"] != nil && root["val"] != nil)
        let steps = try DownloadSteps(try #require(root["download"]), file: name)
        #expect(!steps.steps.isEmpty)
    }
}
