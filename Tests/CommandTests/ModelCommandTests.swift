import Foundation
import Testing

@Suite("The command model", .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct ModelCommandTests {
    @Test("prints a line a layer and the summary, nothing else")
    func table() throws {
        try Workshop.open { workshop in
            let outcome = try workshop.command("model", "yolov5s.yaml")
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == 1 + 25 + 1)
            #expect(lines[1].contains("3520  models.common.Conv") && lines[1].hasSuffix("[3, 32, 6, 2, 2]"))
            #expect(lines.last == "YOLOv5s summary: 270 layers, 7235389 parameters, 7235389 gradients, 16.6 GFLOPs")
        }
    }

    @Test("GFLOPs follow the image size, --verbose adds the parameters, --profile the time")
    func options() throws {
        try Workshop.open { workshop in
            let small = try workshop.command("model", "models/yolov5n.yaml", "--img", "320", "--verbose")
            #expect(small.output.contains(", 1.1 GFLOPs"))
            #expect(small.output.split(separator: "\n").count == 26 + 178 + 1)
            let profile = try workshop.command("model", "yolov5n.yaml", "--img", "64", "--profile", "--device", "cpu")
            #expect(profile.status == 0)
            #expect(profile.output.hasPrefix("   GFLOPs"))
        }
    }

    @Test("a user's own file wins over the built-in one, which can be printed to begin with")
    func ownFile() throws {
        try Workshop.open { workshop in
            let text = try workshop.command("model", "yolov5n.yaml", "--yaml").output
            try workshop.write(text.replacing("nc: 80", with: "nc: 3"), to: "yolov5n.yaml")
            let outcome = try workshop.command("model", "yolov5n.yaml")
            #expect(outcome.output.contains("[3, [[10, 13"))
            #expect(try workshop.command("model", "yolov5n.yaml", "--yaml", "--verbose").status == 2)
            #expect(try workshop.command("model", "yolov5n.yaml", "--device", "cpu").status == 2)
            #expect(try workshop.command("model", "yolov5m").errors.contains("did you mean yolov5m.yaml?"))
            #expect(try workshop.command("model", "anchors.yaml", "--yaml").output.contains("anchors_p7_1920"))
        }
    }

    /// Text to put in place of other text in `yolov5n.yaml`, and what the message must say.
    static let mistakes: [(old: String, new: String, clues: [String])] = [
        ("Conv, [64, 6, 2, 2]", "Konv, [64, 6, 2, 2]", ["m.yaml:9", "row 0 (Konv)", "there is no layer of this name"]),
        ("[-1, 6], 1, Concat", "[-1, 66], 1, Concat", ["m.yaml:22", "row 12", "'from' 66 names no earlier row"]),
        ("SPPF, [1024, 5]", "SPPF, [1024, 5, 5, 5]", ["m.yaml:18", "found 4 arguments, expected 1 to 2"]),
        ("SPPF, [1024, 5]", "SPPF, [1024, 4]", ["m.yaml:18", "odd"]),
        ("[-1, 6], 1, Concat", "[-1, 4], 1, Concat", ["m.yaml:22", "inputs must have one size"]),
        ("[[17, 20, 23], 1, Detect", "[[17, 20], 1, Detect", ["m.yaml:34", "anchors has 3 lines, but Detect reads 2 rows"]),
        ("width_multiple: 0.25", "width_multiple: 1e9", ["m.yaml:3", "width_multiple"]),
        ("depth_multiple: 0.33", "depth_multiple: .nan", ["m.yaml:2", "depth_multiple"]),
        ("width_multiple: 0.25", "width_multiple: 90", ["channels", "at most"]),
        ("[-1, 6, C3, [256]]", "[-1, 1000, C3, [256]]" + String(repeating: "\n  - [-1, 1000, C3, [256]]", count: 31), ["layers up to here, at most"]),
        ("Conv, [64, 6, 2, 2]", "Conv, [8192, 255, 1]]\n  - [-1, 1, Conv, [8192, 255, 1]", ["memory"]),
        ("Conv, [64, 6, 2, 2]", "Conv, [8192, 1, 1]" + String(repeating: "]\n  - [-1, 1, Conv, [8192, 9, 1]", count: 8), ["weights up to here, at most"]),
        ("- [-1, 1, nn.Upsample, [null, 2, nearest]]      # 11", "- [-1, 900, nn.Upsample, [null, 32, nearest]]", ["too large"]),
        ("nc: 80", "nc: 80\nbackbone: &a [*a]", ["m.yaml"]),
    ]

    @Test("a model that makes no sense is one message with the line and what was expected", arguments: 0..<mistakes.count)
    func wrongModel(_ number: Int) throws {
        try Workshop.open { workshop in
            let (old, new, clues) = Self.mistakes[number]
            let text = try workshop.command("model", "yolov5n.yaml", "--yaml").output
            try #require(text.contains(old))
            try workshop.write(text.replacing(old, with: new, maxReplacements: 1), to: "m.yaml")
            let outcome = try workshop.command("model", "m.yaml")
            #expect(outcome.status == 1)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
            for clue in clues { #expect(outcome.errors.contains(clue), "\(clue) in: \(outcome.errors)") }
        }
    }
}
