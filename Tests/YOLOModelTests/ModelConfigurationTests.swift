import Foundation
import GoldenFixtures
import Testing
@testable import YOLOModel

@Suite("Model YAML")
struct ModelConfigurationTests {
    static let small = """
        nc: 2
        depth_multiple: 1.0
        width_multiple: 1.0
        anchors:
          - [10,13, 16,30]
        backbone:
          - [-1, 1, Conv, [8, 6, 2, 2]]
          - [-1, 2, C3, [8]]
        head:
          - [[1], 1, Detect, [nc, anchors]]
        """

    private func decoded(_ text: String) throws -> ModelConfiguration {
        try ModelConfiguration(yaml: text, source: "small.yaml")
    }

    @Test("Rows, anchors and multiples are read as plain values")
    func reads() throws {
        let configuration = try decoded(Self.small)
        #expect(configuration.classCount == 2)
        #expect(configuration.inputChannels == 3)
        #expect(configuration.anchors == .pixels([[10, 13, 16, 30]]))
        #expect(configuration.rows.map(\.kind) == ["Conv", "C3", "Detect"])
        #expect(configuration.backbone[0].arguments == [8, 6, 2, 2])
        #expect(configuration.head[0].from == [1])
        #expect(configuration.rows.map(\.line) == [7, 8, 10])
    }

    @Test("A configuration survives the plain values of a checkpoint")
    func roundTrip() throws {
        for name in ModelConfiguration.builtInNames {
            let configuration = try ModelConfiguration(named: name)
            #expect(try ModelConfiguration(configuration.value, source: name) == configuration)
        }
    }

    @Test("The depth multiple rounds halves to even, never to nothing", arguments: [
        (0.33, 9, 3), (0.33, 3, 1), (0.5, 1, 1), (0.5, 3, 2), (0.5, 5, 2), (0.1, 3, 1), (1.33, 3, 4), (1.33, 9, 12),
    ])
    func depth(multiple: Double, repeats: Int, expected: Int) throws {
        var configuration = try decoded(Self.small)
        configuration.depthMultiple = multiple
        #expect(configuration.scaledRepeats(repeats) == expected)
    }

    @Test("The width multiple rounds up to a multiple of 8", arguments: [
        (0.25, 64, 16), (0.75, 64, 48), (1.25, 64, 80), (0.1, 64, 8), (0.33, 128, 48),
    ])
    func width(multiple: Double, channels: Int, expected: Int) throws {
        var configuration = try decoded(Self.small)
        configuration.widthMultiple = multiple
        #expect(configuration.scaledChannels(channels) == expected)
    }

    @Test("A file of the user's wins over the built-in one of its name")
    func ownFile() throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("yolov5n.yaml").path
        try Self.small.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try ModelConfiguration(named: path).classCount == 2)
        #expect(try ModelConfiguration(named: "models/yolov5n.yaml").classCount == 80)
        #expect(try ModelConfiguration(named: "yolov5n.yaml").displayName == "YOLOv5n")
    }

    @Test("An unknown name is answered with the known ones")
    func unknownName() {
        #expect { try ModelConfiguration(named: "yolov9.yaml") } throws: { error in
            "\(error)".contains("'yolov9.yaml'") && "\(error)".contains("yolov5n.yaml")
        }
    }

    @Test("What is wrong is named with its line", arguments: [
        ("nc: 2", "nc: many", "small.yaml:1: nc: expected a whole number from 1 to 65536, found 'many'"),
        ("nc: 2", "classes: 2", "small.yaml: the key 'nc' is missing"),
        ("depth_multiple: 1.0", "depth_multiple: 0", "small.yaml:2: depth_multiple: expected a number above 0"),
        ("width_multiple: 1.0", "width_multiple: 1e9", "small.yaml:3: width_multiple: expected a number above 0"),
        ("[10,13, 16,30]", "[10,13, 16]", "small.yaml:5: anchors: expected width, height pairs above 0"),
        ("Conv, [8, 6, 2, 2]]", "Conv]", "small.yaml:7: backbone: expected a row [from, repeats, layer, arguments]"),
        ("[-1, 2, C3", "[-1, 0, C3", "small.yaml:8: backbone: repeats must be a whole number from 1 to 1000, found 0"),
        ("[-1, 2, C3", "[x, 2, C3", "small.yaml:8: backbone: 'from' must be a row number or a list of them, found 'x'"),
        ("nc: 2", "nc: 2\nnc: 3", "small.yaml:1: a key stands twice: nc"),
        ("nc: 2", "nc: [2", "small.yaml:2: not valid YAML"),
    ])
    func faults(original: String, replacement: String, message: String) {
        #expect {
            _ = try decoded(Self.small.replacingOccurrences(of: original, with: replacement))
        } throws: { "\($0)".hasPrefix(message) }
    }

    @Test("A row that makes no sense is named with its line", arguments: [
        ("C3, [8]", "Conf, [8]", "small.yaml:8: row 1 (Conf): there is no layer of this name; known are"),
        ("C3, [8]", "C3, []", "small.yaml:8: row 1 (C3): found 0 arguments, expected 1 to 4: channels, shortcut"),
        ("C3, [8]", "C3, [8, 1]", "small.yaml:8: row 1 (C3): shortcut must be true or false, found 1"),
        ("C3, [8]", "C3, [8, true, 3]", "small.yaml:8: row 1 (C3): groups must divide 4 and 4 channels, found 3"),
        ("[-1, 2, C3", "[5, 2, C3", "small.yaml:8: row 1 (C3): 'from' 5 names no earlier row"),
        ("[-1, 2, C3, [8]]", "[[-1, 0], 2, C3, [8]]", "small.yaml:8: row 1 (C3): takes one input, found 2"),
        ("[[1], 1, Detect", "[[0, 1], 1, Detect", "small.yaml:10: row 2 (Detect): anchors has 1 lines, but Detect reads 2"),
        ("[nc, anchors]", "[anchors, nc]", "small.yaml:10: row 2 (Detect): expected the arguments [nc, anchors]"),
        ("Detect, [nc, anchors]", "Conv, [8]", "small.yaml:10: row 2 (Conv): the last row must be Detect"),
        ("Conv, [8, 6, 2, 2]", "Conv, [8, 6, 2, 4]", "small.yaml:10: row 2 (Detect): an image of 256 pixels comes out 130"),
    ])
    func rowFaults(original: String, replacement: String, message: String) throws {
        let configuration = try decoded(Self.small.replacingOccurrences(of: original, with: replacement))
        #expect { _ = try DetectionModel(configuration) } throws: { "\($0)".hasPrefix(message) }
    }

    @Test("A head without rows before it is an error, not a crash")
    func headAlone() throws {
        let text = "nc: 2\ndepth_multiple: 1\nwidth_multiple: 1\nanchors: [[10,13]]\nbackbone: []\nhead: [[-1, 1, Detect, [nc, anchors]]]\n"
        #expect {
            _ = try DetectionModel(decoded(text))
        } throws: { error in
            "\(error)".contains("small.yaml:")
        }
    }

    @Test("Aliases that stand for billions of values and endless nesting are refused")
    func hostile() {
        var bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        for (name, inner) in zip("bcdefgh", "abcdefg") {
            bomb += "\(name): &\(name) [" + Array(repeating: "*\(inner)", count: 10).joined(separator: ", ") + "]\n"
        }
        #expect { _ = try decoded(bomb) } throws: { "\($0)".contains("too large") }
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(throws: ConfigurationError.self) { _ = try decoded(deep) }
    }
}
