import ArgumentParser
import Torch

/// The measurements that run inside this program.
enum InProcessMeasurement: String, CaseIterable, ExpressibleByArgument {
    case stepFP32 = "step-fp32"
    case stepAuto = "step-auto"
    case scan
    case cacheLoad = "cache-load"
    case loader
    case cocoEvaluation = "coco-evaluation"
    case checkpointWrite = "checkpoint-write"
    case checkpointRead = "checkpoint-read"
    case plainRead = "plain-read"

    /// - Parameter file: Where the measurements of checkpoints have theirs, and those of reading data their folder.
    func figures(_ fixtures: FixtureFolder, file: String) throws -> [String: Double] {
        switch self {
        case .stepFP32: try StepBenchmark(precision: .float32, suffix: "fp32").figures()
        case .stepAuto:
            try StepBenchmark(precision: Runtime.cpuPrefersBFloat16 ? .bfloat16 : .float32, suffix: "auto").figures()
        case .scan: try ScanBenchmark(folder: file).scan()
        case .cacheLoad: try ScanBenchmark(folder: file).load()
        case .loader: try LoaderBenchmark(fixtures: fixtures).figures()
        case .cocoEvaluation: try COCOBenchmark(folder: file).figures()
        case .checkpointWrite: try CheckpointBenchmark(file: file).prepare()
        case .checkpointRead: try CheckpointBenchmark(file: file).read()
        case .plainRead: try CheckpointBenchmark(file: file).readPlainly()
        }
    }
}
