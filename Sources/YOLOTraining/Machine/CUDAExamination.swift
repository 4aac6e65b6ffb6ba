import Foundation
import Torch
import YOLOData

/// Whether there are CUDA devices, whether they compute, and if there are none, why.
struct CUDAExamination {
    static let subject = "CUDA"

    func checks() -> [MachineCheck] {
        let count = Runtime.cudaDeviceCount
        if count > 0 { return (0..<count).map { check(.cuda($0)) } }
        return [
            Absence(
                hasGPU: Self.hasGPU, libraryProblem: CUDASupport.libraryProblem, driverProblem: CUDASupport.driverProblem,
                driverVersion: CUDASupport.driverVersion, visibleDevices: ProcessInfo.processInfo.environment["CUDA_VISIBLE_DEVICES"]
            ).check
        ]
    }

    private func check(_ device: Device) -> MachineCheck {
        if let failure = device.productFailure {
            return .problem(
                Self.subject, "\(device.title): \(failure)",
                advice: "fetch NVIDIA's libraries again: delete .deps, then make build; until then --device cpu")
        }
        let free = (try? device.freeMemory()).map { ", \($0 >> 20) MiB free" } ?? ""
        let driver = CUDASupport.driverVersion.map { ", driver for CUDA \($0)" } ?? ""
        return .ok(Self.subject, "\(device.title)\(free)\(driver); computes a product of matrices")
    }

    /// Why there is no CUDA device.
    struct Absence {
        var hasGPU: Bool
        /// See `CUDASupport`.
        var libraryProblem, driverProblem, driverVersion: String?
        var visibleDevices: String?

        var check: MachineCheck {
            guard hasGPU || driverProblem == nil else {
                return .ok(
                    subject, "no NVIDIA GPU: trainings compute on the CPU",
                    advice: "with a GPU: install NVIDIA's driver, or start the container with --gpus all, and run scripts/setup again")
            }
            if let visibleDevices, ["", "-1", "none", "void"].contains(visibleDevices.lowercased()) {
                return .warning(
                    subject, "CUDA_VISIBLE_DEVICES='\(visibleDevices)' hides every GPU", advice: "unset CUDA_VISIBLE_DEVICES, to compute on them")
            }
            if let driverProblem {
                return .warning(
                    subject, "an NVIDIA GPU is here, but its driver does not work: \(driverProblem)",
                    advice: "install NVIDIA's driver (apt install nvidia-driver, then restart), or start the container with --gpus all")
            }
            if let libraryProblem {
                return library(libraryProblem)
            }
            let version = driverVersion.map { " It knows CUDA \($0)" } ?? ""
            return .warning(
                subject, "the driver works, but libtorch finds no device.\(version)",
                advice: "install a newer driver, if libtorch was built for a newer CUDA")
        }

        private func library(_ problem: String) -> MachineCheck {
            guard problem.hasPrefix("libtorch_cuda.so:") else {
                return .warning(
                    subject, "an NVIDIA GPU is here, but libtorch's part for it cannot be loaded: \(problem)",
                    advice: "run scripts/setup again: it fetches NVIDIA's libraries where there is a GPU")
            }
            return .warning(
                subject, "an NVIDIA GPU is here, but this libtorch is made for CPUs alone",
                advice: "take one that is made for CUDA: LIBTORCH=DIR scripts/setup, then make clean build")
        }
    }

    /// Whether the machine has a GPU of NVIDIA, with a driver or without.
    private static var hasGPU: Bool {
        if FileManager.default.fileExists(atPath: "/dev/nvidia0") { return true }
        let devices = "/sys/bus/pci/devices"
        func number(_ device: String, _ file: String) -> String {
            FileManager.default.contents(atPath: "\(devices)/\(device)/\(file)").map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        // 0x10de is NVIDIA; classes that begin with 03 are displays and what computes like them.
        return ((try? FileManager.default.contentsOfDirectory(atPath: devices)) ?? []).contains {
            number($0, "vendor").hasPrefix("0x10de") && number($0, "class").hasPrefix("0x03")
        }
    }
}
