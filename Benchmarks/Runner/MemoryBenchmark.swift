import Foundation

/// What the loader's workers add to the memory of a training, and whether a training grows.
struct MemoryBenchmark {
    /// A command without its options: `yolov5 train`, or the peer's.
    let program: String
    let command: [String]
    let fixtures: FixtureFolder

    /// Megabytes by which `workers` workers make the process tree larger than none: yolov5n, 320 pixels, batches of 16.
    func workerMegabytes(workers: Int) throws -> Double {
        try typicalPeak(workers: workers) - typicalPeak(workers: 0)
    }

    /// By how many per cent resident memory after epoch 50 differs from that after epoch 5: yolov5n, 64 pixels, all of
    /// coco128, validated after every epoch. (With `--noval`, the last epoch alone would hold what validating takes.)
    func growth() throws -> Double {
        let data = try BenchmarkData(fixtures, labels: .boxes)
        defer { data.remove() }
        let results = data.folder.appendingPathComponent("runs/bench/results.csv").path
        var after: [Int: Double] = [:]
        let options = training(data, imageSize: 64, epochs: 50, workers: 2)
        try WatchedProgram(program: program, arguments: options).run(every: 0.02) { process in
            // A title, then a line for each epoch.
            let lines = (try? String(contentsOfFile: results, encoding: .utf8))?.split(separator: "\n").count ?? 0
            let epochs = lines - 1
            if [5, 50].contains(epochs), after[epochs] == nil { after[epochs] = ProcessMemory.residentMegabytes(of: process) }
        }
        guard let early = after[5], let late = after[50], early > 0, late > 0 else {
            throw Subprocess.Failure(description: "no memory was read after epochs 5 and 50 of a training")
        }
        return abs(late / early - 1) * 100
    }

    /// Nearly the largest of the sizes of the process tree: that of which 5 % are larger.
    private func typicalPeak(workers: Int) throws -> Double {
        let data = try BenchmarkData(fixtures, labels: .boxes)
        defer { data.remove() }
        var sizes: [Double] = []
        let options = training(data, imageSize: 320, epochs: 3, workers: workers) + ["--noval", "--nosave"]
        try WatchedProgram(program: program, arguments: options).run(every: 0.1) { process in
            sizes.append(ProcessMemory.proportionalMegabytes(ofTree: process))
        }
        guard !sizes.isEmpty else { throw Subprocess.Failure(description: "a training ended at once") }
        return sizes.sorted()[sizes.count * 95 / 100]
    }

    private func training(_ data: BenchmarkData, imageSize: Int, epochs: Int, workers: Int) -> [String] {
        command + [
            "--data", data.description.path, "--weights", "", "--cfg", "yolov5n.yaml", "--img", "\(imageSize)",
            "--batch-size", "16", "--epochs", "\(epochs)", "--workers", "\(workers)", "--device", "cpu",
            "--project", data.folder.appendingPathComponent("runs").path, "--name", "bench", "--exist-ok",
        ]
    }
}
