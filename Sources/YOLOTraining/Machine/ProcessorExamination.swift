import Foundation
import Torch

/// What the CPU is, and what `--precision auto` makes of it.
struct ProcessorExamination {
    var processor = Processor()
    var share = Processor.share()

    func checks() -> [MachineCheck] {
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let sets = processor.usefulFeatures.joined(separator: ", ")
        let precision = Runtime.cpuPrefersBFloat16
            ? "--precision auto takes bf16 here: this CPU multiplies it faster" : "--precision auto takes fp32 here"
        let finding = "\(processor.name), \(cores) \(cores == 1 ? "core" : "cores"), \(Runtime.threadCount) to compute; "
            + "\(sets.isEmpty ? "no instructions that help" : sets) (libtorch: \(Runtime.cpuCapability)); \(precision)"
        if Processor.architecture == "x86-64", !processor.features.contains("avx2") {
            return [.warning("CPU", finding, advice: "without AVX2 everything takes several times longer; take another machine, or virtual CPU type")]
        }
        if let share, share < Double(Runtime.threadCount) - 0.5 {
            let count = max(1, Int(share.rounded()))
            return [
                .warning(
                    "CPU", finding + String(format: "; the container allows %.1f of them", share),
                    advice: "set OMP_NUM_THREADS=\(count) and --workers \(count): more threads would only be stopped in turn")
            ]
        }
        return [.ok("CPU", finding)]
    }
}
