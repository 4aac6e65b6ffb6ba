import Foundation
import Glibc
import PyTorchFile
import Torch
import YOLOModel

/// Reading the largest model's weights (yolov5x, float16, 173 MB, written by this program, in the page cache) as tensors, against
/// reading the same bytes into a buffer and copying them once.
struct CheckpointBenchmark {
    let file: String

    /// Writes the file. In a process of its own: making the model takes more memory than reading it.
    /// - Returns: no figures.
    func prepare() throws -> [String: Double] {
        let model = try DetectionModel(ModelConfiguration(named: "yolov5x.yaml"))
        try Checkpoint(model: model).stripped().write(to: file)
        return [:]
    }

    /// One reading. In a process of its own, as a program that opens a file finds itself: with no memory yet to put it into.
    /// - Returns: seconds, and what the process has grown by in file sizes.
    func read() throws -> [String: Double] {
        let size = Double(try byteCount())
        let before = residentBytes("VmRSS")
        let duration = try seconds { _ = try readOnce() }
        return ["seconds": duration, "memory": (residentBytes("VmHWM") - before) / size]
    }

    /// The same bytes into a buffer, and one copy of it.
    func readPlainly() throws -> [String: Double] {
        let byteCount = try byteCount()
        return ["seconds": try seconds { try readPlainly(byteCount: byteCount) }]
    }

    private func byteCount() throws -> Int {
        try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
    }

    /// Every tensor in memory of its own, in the file's types.
    private func readOnce() throws -> [Tensor] {
        try Checkpoint(path: file).weights().entries.map { try Tensor($0.tensor) }
    }

    private func readPlainly(byteCount: Int) throws {
        let descriptor = open(file, O_RDONLY)
        guard descriptor >= 0 else { throw Subprocess.Failure(description: "cannot open \(file)") }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        defer { buffer.deallocate() }
        var done = 0
        while done < byteCount {
            let count = Glibc.read(descriptor, buffer + done, byteCount - done)
            guard count > 0 else { throw Subprocess.Failure(description: "cannot read \(file)") }
            done += count
        }
        let copy = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        defer { copy.deallocate() }
        copy.copyMemory(from: buffer, byteCount: byteCount)
    }

    private func seconds(_ body: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(body) / .seconds(1)
    }

    /// A line of the kernel's report on this process.
    private func residentBytes(_ line: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let found = status.split(separator: "\n").first { $0.hasPrefix(line + ":") }
        return found.flatMap { Double($0.filter(\.isNumber)) }.map { $0 * 1024 } ?? .nan
    }
}
