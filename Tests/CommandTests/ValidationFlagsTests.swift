import Foundation
import GoldenFixtures
import Testing

/// `yolov5 val` with several weights, `--augment` and `--half`.
@Suite("Validation flags", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct ValidationFlagsTests {
    @Test("--augment and --half work on the weights of a run; a CPU computes in fp32 and says so")
    func flags() throws {
        try Workshop.open { workshop in
            try workshop.trainBriefly()
            let outcome = try workshop.validate("a/weights/last.pt", "--augment", "--half")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors == "warning: --half needs a CUDA device; computing in fp32\n")
            #expect(outcome.output.contains(", CPU, fp32") && outcome.output.contains("augment=true, save_txt=false") && outcome.output.contains("half=true"))
        }
    }

    @Test("models that know other classes do not predict together: both files are named")
    func classCounts() throws {
        try Workshop.open { workshop in
            try workshop.trainBriefly()
            let names = Workshop.names.replacing("ring", with: "ring, seventh")
            try workshop.write("train: train.txt\nval: val.txt\n\(names)\n", to: "seven.yaml")
            try workshop.trainBriefly("--data", "seven.yaml", name: "b")
            let outcome = try workshop.validate("a/weights/last.pt", "b/weights/last.pt")
            #expect(outcome.status == 1)
            let clue = "error: 'a/weights/last.pt' knows 6 classes, 'b/weights/last.pt' 7;"
            #expect(outcome.errors.hasPrefix(clue), "\(outcome.errors)")
            #expect(!workshop.exists("runs/val"))
        }
    }

    @Test("of several weights files the missing one is named")
    func missing() throws {
        try Workshop.open { workshop in
            try workshop.trainBriefly()
            let outcome = try workshop.validate("a/weights/last.pt", "gone.pt")
            #expect(outcome.status == 1)
            #expect(outcome.errors.hasPrefix("error: weights file 'gone.pt' does not exist"), "\(outcome.errors)")
        }
    }
}

/// The official weights on real images.
@Suite(
    "Accuracy of ensembles and test-time augmentation", .serialized, .enabled(if: Command.isBuilt, Command.reasonToSkip),
    .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct CombinedAccuracyTests {
    private static let weights = Fixtures.weights.appendingPathComponent("yolov5n.pt").path

    /// What yolov5 6.2.3 gives for `val --weights yolov5n.pt --augment --img 640 --batch-size 1` on the same 128 images. One image
    /// a batch: with more, the padding of an image depends on the order of equal aspect ratios.
    @Test("--augment gives the reference's mAP")
    func augmented() throws {
        let found = try metrics([Self.weights], "--img", "640", "--augment", batchSize: 1)
        #expect(abs(found.map50 - 0.54019) < 0.001, "\(found)")
        #expect(abs(found.map - 0.35439) < 0.001, "\(found)")
    }

    @Test("a model beside itself finds what it finds alone: suppression merges the duplicates")
    func duplicate() throws {
        let alone = try metrics([Self.weights], "--img", "320")
        #expect(alone.map > 0.2)
        #expect(try metrics([Self.weights, Self.weights], "--img", "320") == alone)
    }

    private func metrics(
        _ weights: [String], _ arguments: String..., batchSize: Int = 16
    ) throws -> (map50: Double, map: Double) {
        var result: (Double, Double)?
        try Workshop.open { workshop in
            let data = Fixtures.data.appendingPathComponent("coco128.yaml").path
            let outcome = try workshop.command.run(
                ["val", "--weights"] + weights + ["--data", data, "--precision", "fp32", "--device", "cpu"]
                    + ["--batch-size", "\(batchSize)"] + arguments)
            #expect(outcome.status == 0, "\(outcome.errors)")
            let found = try JSONSerialization.jsonObject(with: workshop.contents("runs/val/exp/metrics.json")) as? [String: Any]
            result = (try #require(found?["map50"] as? Double), try #require(found?["map"] as? Double))
        }
        return try #require(result)
    }
}

extension Workshop {
    /// Trains one epoch into the folder `name`.
    fileprivate func trainBriefly(_ arguments: String..., name: String = "a") throws {
        if !exists("tiny.yaml") { try drawShapes() }
        let outcome = try command.run(Self.arguments(epochs: 1) + ["--noval", "--project", ".", "--name", name] + arguments)
        try #require(outcome.status == 0, "\(outcome.errors)")
    }

    /// Validates with these weights, then flags.
    fileprivate func validate(_ arguments: String...) throws -> Command.Outcome {
        try command.run(["val", "--data", "tiny.yaml", "--img", "64", "--device", "cpu", "--weights"] + arguments)
    }
}
