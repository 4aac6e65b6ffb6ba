import Foundation
import Testing

/// What users get wrong ends with exit code 1 and one message that says what and where.
@Suite("User errors", .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct UserErrorTests {
    /// A data set of one picture, and what is wrong with it.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The label file; nil for none.
        var label: String?
        var yaml = "train: images\nval: images\n\(Workshop.names)\n"
        var hasImage = true
        var arguments: [String] = []
        let clues: [String]
    }

    static let mistakes: [Mistake] = [
        Mistake(testDescription: "no data set", arguments: ["--data", "nowhere.yaml"], clues: ["nowhere.yaml", "does not exist"]),
        Mistake(testDescription: "a folder that is not there", yaml: "train: photos\nval: images\n\(Workshop.names)\n", clues: ["photos", "one.yaml"]),
        Mistake(testDescription: "no images", hasImage: false, clues: ["no images", "images"]),
        Mistake(testDescription: "no labels", clues: ["no labels", "labels/one.txt"]),
        Mistake(testDescription: "a class that the data set lacks", label: "6 0.5 0.5 0.2 0.2\n", clues: ["one.txt:1", "class 6", "6 classes"]),
        Mistake(testDescription: "too few columns", label: "0 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.2\n", arguments: ["--label-policy", "strict"], clues: ["one.txt:2", "columns", "4", "--label-policy rows"]),
        Mistake(testDescription: "no weights", label: "0 0.5 0.5 0.2 0.2\n", arguments: ["--weights", "yolov5m.pt", "--offline"], clues: ["yolov5m.pt", "--offline", "releases/download/v6.2/yolov5m.pt"]),
        Mistake(testDescription: "weights that are none", label: "0 0.5 0.5 0.2 0.2\n", arguments: ["--weights", "one.yaml"], clues: ["one.yaml", "not a PyTorch checkpoint"]),
        Mistake(testDescription: "no such model", label: "0 0.5 0.5 0.2 0.2\n", arguments: ["--cfg", "yolov9n.yaml"], clues: ["yolov9n.yaml", "yolov5n.yaml"]),
        Mistake(testDescription: "no such hyperparameters", label: "0 0.5 0.5 0.2 0.2\n", arguments: ["--hyp", "mine.yaml"], clues: ["mine.yaml", "hyp.scratch-low.yaml"]),
        Mistake(testDescription: "no such device", label: "0 0.5 0.5 0.2 0.2\n", arguments: ["--device", "97"], clues: ["--device", "97"]),
        Mistake(testDescription: "half precision on a CPU", label: "0 0.5 0.5 0.2 0.2\n", arguments: ["--precision", "fp16", "--device", "cpu"], clues: ["fp16", "CPU"]),
    ]

    @Test("a training that cannot start says why and leaves no run behind", arguments: mistakes)
    func training(_ mistake: Mistake) throws {
        try Workshop.open { workshop in
            try workshop.prepare(mistake)
            let given = ["train", "--weights", "", "--cfg", "yolov5n.yaml", "--data", "one.yaml", "--epochs", "1", "--img", "64"]
            let outcome = try workshop.command.run(given + mistake.arguments)
            #expect(outcome.status == 1)
            let lines = outcome.errors.split(separator: "\n").filter { !$0.hasPrefix("warning: ") }
            #expect(lines.count == 1 && lines[0].hasPrefix("error: "), "one message, found: \(outcome.errors)")
            for clue in mistake.clues { #expect(outcome.errors.contains(clue), "\(clue) in: \(outcome.errors)") }
            #expect(!workshop.exists("runs"))
        }
    }

    @Test("a misspelt hyperparameter is named with its line and the nearest one")
    func hyperparameter() throws {
        try Workshop.open { workshop in
            try workshop.write("lr0: 0.01\nmosiac: 0\n", to: "hyp.yaml")
            let outcome = try workshop.command("train", "--weights", "", "--cfg", "yolov5n.yaml", "--hyp", "hyp.yaml")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("hyp.yaml:2: unknown key 'mosiac'; did you mean 'mosaic'?"))
        }
    }
}

extension Workshop {
    fileprivate func prepare(_ mistake: UserErrorTests.Mistake) throws {
        try write(mistake.yaml, to: "one.yaml")
        try FileManager.default.createDirectory(at: folder.appendingPathComponent("images"), withIntermediateDirectories: true)
        if mistake.hasImage { try whitePicture.write(to: folder.appendingPathComponent("images/one.png")) }
        if let label = mistake.label { try write(label, to: "labels/one.txt") }
    }

    /// A PNG of 16 by 16 white pixels.
    private var whitePicture: Data {
        let base64 = """
            iVBORw0KGgoAAAANSUhEUgAAABAAAAAQAQAAAAA3iMLMAAAADklEQVR42mP4/5+BFAQA/U4f4d7IdZcAAAAASUVORK5CYII=
            """
        return Data(base64Encoded: base64) ?? Data()
    }
}
