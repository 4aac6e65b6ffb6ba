package import Torch

/// Where a run computes and in which numbers.
package struct ComputeDevice: Hashable {
    package let device: Device
    /// Of convolutions and matrix products; parameters, losses and decoded boxes are float32 throughout.
    package let precision: Precision

    /// - Parameters:
    ///   - name: as given to `--device`: `cpu`, `0`, `cuda:0`, or empty for the first CUDA device there is, else the CPU.
    ///   - mode: as given to `--precision`.
    /// - Throws: `TrainingError.invalidOption` for a device that is not there or cannot compute in that precision.
    package init(_ name: String, _ mode: PrecisionMode) throws(TrainingError) {
        device = try Self.device(name)
        switch mode {
        case .fp32: precision = .float32
        case .bf16: precision = .bfloat16
        case .fp16:
            guard device.isCUDA else {
                throw .invalidOption("--precision", found: "fp16 on the CPU", expected: "fp32, bf16 or auto there")
            }
            precision = .float16
        case .auto:
            precision = device.isCUDA ? .float16 : Runtime.cpuPrefersBFloat16 ? .bfloat16 : .float32
        }
    }

    private init(_ device: Device, _ precision: Precision) { (self.device, self.precision) = (device, precision) }

    /// The same device, in float32.
    var inFloat32: ComputeDevice { ComputeDevice(device, .float32) }

    private static func device(_ name: String) throws(TrainingError) -> Device {
        let name = name.lowercased()
        if name == "cpu" { return .cpu }
        let count = Runtime.cudaDeviceCount
        if name.isEmpty { return count > 0 ? .cuda(0) : .cpu }
        let number = name.hasPrefix("cuda:") ? String(name.dropFirst("cuda:".count)) : name
        guard let index = Int(number), index >= 0 else {
            throw .invalidOption("--device", found: "'\(name)'", expected: "cpu or the number of one CUDA device")
        }
        guard index < count else {
            let there = count == 0 ? "none" : "0 to \(count - 1)"
            throw .invalidOption("--device", found: name, expected: "cpu or a CUDA device of this machine (\(there))")
        }
        return .cuda(index)
    }
}

extension ComputeDevice: CustomStringConvertible {
    /// `CPU, bf16`
    package var description: String {
        let place = switch device {
        case .cpu: "CPU"
        case .cuda(let index): "CUDA device \(index)"
        }
        return "\(place), \(precision.rawValue)"
    }
}
