import Torch
import YOLOData

/// What a run works with, in one line:
/// `yolov5-swift 0.1.0, libtorch 2.13.0, CUDA:0 NVIDIA H200 (143771 MiB), CPU AMD EPYC 9R14 (16 threads, 120.5 GB free of 128.8 GB)`.
struct RunEnvironment: CustomStringConvertible {
    let description: String

    /// - Parameter device: as given to `--device`; one that is not there is left out, and an error in another place.
    init(device: String) {
        var parts = ["yolov5-swift \(Version.current)", "libtorch \(Runtime.version)"]
        if let compute = try? ComputeDevice(device, .fp32).device, compute.isCUDA { parts.append(compute.title) }
        let memory = AvailableMemory()
        parts.append(
            """
            CPU \(Processor().name) (\(Runtime.threadCount) \(Runtime.threadCount == 1 ? "thread" : "threads"), \
            \(readable(memory.bytes)) free of \(readable(memory.limit ?? memory.machineTotal)))
            """)
        description = parts.joined(separator: ", ")
    }
}

extension Device {
    /// `CUDA:0 NVIDIA H200 (143771 MiB)`: with the unit of the reference and of NVIDIA's own tools.
    var title: String {
        guard case .cuda(let index) = self else { return "CPU" }
        return ["CUDA:\(index)", name, totalMemory.map { "(\($0 >> 20) MiB)" }].compactMap(\.self).joined(separator: " ")
    }
}
