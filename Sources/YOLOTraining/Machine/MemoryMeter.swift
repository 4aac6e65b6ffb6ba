import Foundation
import Torch
import YOLOData

/// How much memory work takes, and how much there is: of a CUDA device, or of the machine.
struct MemoryMeter {
    let device: Device

    /// The share of what is there that may be used.
    private var share: Double { device.isCUDA ? 0.9 : 0.8 }  // a machine has other programs, and files to remember

    /// Bytes that this process holds at the height of `work`.
    /// - Returns: nil where they are not there.
    func peak(of work: () throws -> Void) throws -> Int? {
        do {
            if device.isCUDA {
                try device.resetPeakMemory()
                try work()
                return try device.peakMemory()
            }
            resetPeakOfProcess()
            try work()
            return processMemory("VmHWM:")
        } catch where error.isOutOfMemory {
            try device.emptyCache()
            return nil
        }
    }

    /// Bytes that this process may hold, those that it holds already included.
    func limit() throws -> Int {
        if device.isCUDA {
            try device.resetPeakMemory()
            return Int(Double(try device.freeMemory() + device.peakMemory()) * share)
        }
        return Int(Double(AvailableMemory().bytes + (processMemory("VmRSS:") ?? 0)) * share)
    }

    /// The kernel counts the largest resident size anew from now on.
    private func resetPeakOfProcess() {
        // Where this is not allowed, peaks only grow; batches are measured from the smallest on.
        try? FileHandle(forWritingTo: URL(fileURLWithPath: "/proc/self/clear_refs")).write(contentsOf: Data("5".utf8))
    }

    private func processMemory(_ field: String) -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix(field) })
        else { return nil }
        return line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }
}
