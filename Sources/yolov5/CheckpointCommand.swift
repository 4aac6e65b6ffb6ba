import ArgumentParser
import Foundation
import PyTorchFile
import YOLOModel
import YOLOTraining

struct CheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Show what a weights file holds, or convert it.",
        usage: """
            yolov5 checkpoint runs/train/exp/weights/last.pt
            yolov5 checkpoint last.pt --strip --to small.pt
            yolov5 checkpoint best.pt --to best.safetensors
            yolov5 checkpoint best.safetensors --type float32 --to best.pt
            """,
        discussion: """
            Nothing in a file is run, whoever wrote it. What --to writes as .pt, Python's YOLOv5 loads; as .safetensors, every \
            program that reads that format.
            """)

    /// Types that weights can have.
    enum WeightType: String, CaseIterable, ExpressibleByArgument {
        case float16, bfloat16, float32

        var dtype: TensorValue.DType {
            switch self {
            case .float16: .float16
            case .bfloat16: .bfloat16
            case .float32: .float32
            }
        }
    }

    @Argument(help: "Weights: a .pt file of YOLOv5 5.0 to 7.0 or of this program, a dictionary of tensors, or .safetensors.")
    var file: String

    @Option(name: .customLong("to"), help: "Write it to this file, .pt or .safetensors, instead of showing it.")
    var destination: String?

    @Flag(help: "Keep the finished model alone: the averaged weights, in float16 or --type, without the optimiser's state.")
    var strip = false

    @Option(help: "Type of the weights to write.")
    var type: WeightType?

    @Option(help: "Model YAML, for weights that do not say which model they belong to.")
    var cfg: String?

    func validate() throws {
        guard let destination else {
            let given = [("--strip", strip), ("--type", type != nil), ("--cfg", cfg != nil)].filter(\.1).map(\.0)
            guard given.isEmpty else { throw ValidationError("\(given.joined(separator: ", ")) needs --to FILE") }
            return
        }
        guard [".pt", ".safetensors"].contains(where: destination.hasSuffix) else {
            throw ValidationError("--to must name a .pt or a .safetensors file, found '\(destination)'")
        }
    }

    func run() throws {
        var checkpoint = try WeightsFile.open(file)
        guard let destination else { return print(CheckpointReport(checkpoint)) }
        func place(_ path: String) -> URL { URL(fileURLWithPath: path).resolvingSymlinksInPath() }
        guard place(file) != place(destination) else {
            throw TrainingError.invalidOption("--to", found: "the file that is read", expected: "another name, so that nothing is lost")
        }
        if let cfg, let own = checkpoint.configuration {
            throw TrainingError.invalidOption(
                "--cfg", found: "'\(cfg)'", expected: "nothing: '\(file)' says itself that it is of \(own.displayName)")
        }
        checkpoint = try checkpoint.completed(with: cfg.map { name in try ModelConfiguration(named: name) })
        if strip {
            checkpoint = try checkpoint.stripped(to: type?.dtype ?? .float16)
        } else if let type {
            checkpoint = try checkpoint.converted(to: type.dtype)
        }
        if destination.hasSuffix(".safetensors") {
            try checkpoint.writeSafetensors(to: destination)
        } else {
            try checkpoint.write(to: destination)
        }
        print("\(destination) written")
    }
}
