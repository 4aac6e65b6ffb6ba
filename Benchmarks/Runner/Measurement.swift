import ArgumentParser
import Foundation

/// What is compared; each runs in processes of its own.
enum Measurement: String, CaseIterable, ExpressibleByArgument {
    case step, scan, loader, memory, val, coco, startup, checkpoint

    var needsFixtures: Bool { [.scan, .loader, .memory, .val, .checkpoint].contains(self) }

    /// The figures of one turn of this system, by name.
    func measured(_ fixtures: FixtureFolder) throws -> [String: Double] {
        switch self {
        case .step:
            try inProcess(.stepFP32, fixtures).merging(inProcess(.stepAuto, fixtures)) { first, _ in first }
        case .scan:
            try scanFigures(fixtures)
        case .loader:
            try inProcess(.loader, fixtures)
        case .memory:
            try memoryFigures(fixtures)
        case .val:
            try ["val_process": validationSeconds(fixtures)]
        case .coco:
            try cocoFigures(fixtures)
        case .startup:
            try ["startup_help": medianOfThree { try Subprocess.run(yolov5, ["train", "--help"]).seconds }]
        case .checkpoint:
            try checkpointFigures(fixtures)
        }
    }

    private func scanFigures(_ fixtures: FixtureFolder) throws -> [String: Double] {
        let links = try LinkedImages(fixtures, count: ScanBenchmark.linkCount, writesLabels: false)
        defer { links.remove() }
        let coco = try LinkedImages(fixtures, count: ScanBenchmark.cocoCount, writesLabels: true)
        defer { coco.remove() }
        _ = try inProcess(.cacheLoad, fixtures, file: coco.path)  // writes the cache
        return try inProcess(.scan, fixtures, file: links.path)
            .merging(inProcess(.cacheLoad, fixtures, file: coco.path)) { first, _ in first }
    }

    private func cocoFigures(_ fixtures: FixtureFolder) throws -> [String: Double] {
        let files = try MadeUpDetections()
        defer { files.remove() }
        return try inProcess(.cocoEvaluation, fixtures, file: files.path)
    }

    /// Eight workers are asked for; both systems take as many as there are cores.
    private func memoryFigures(_ fixtures: FixtureFolder) throws -> [String: Double] {
        let training = MemoryBenchmark(program: yolov5, command: ["train"], fixtures: fixtures)
        return try ["worker_memory": training.workerMegabytes(workers: 8), "memory_growth": training.growth()]
    }

    private func checkpointFigures(_ fixtures: FixtureFolder) throws -> [String: Double] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("yolov5x-\(getpid()).pt").path
        defer { try? FileManager.default.removeItem(atPath: file) }
        _ = try inProcess(.checkpointWrite, fixtures, file: file)
        var (ours, plain): ([Double], [Double]) = ([], [])
        var memory = 0.0
        for _ in 0..<7 {
            let reading = try inProcess(.checkpointRead, fixtures, file: file)
            ours.append(reading["seconds"] ?? .nan)
            memory = max(memory, reading["memory"] ?? .nan)
            plain.append(try inProcess(.plainRead, fixtures, file: file)["seconds"] ?? .nan)
        }
        let shown = try medianOfThree { try Subprocess.run(yolov5, ["checkpoint", fixtures.weights]).seconds }
        let started = try medianOfThree { try Subprocess.run(yolov5, ["--version"]).seconds }
        return [
            "checkpoint_read": ours.sorted()[3] / plain.sorted()[3], "checkpoint_memory": memory,
            "checkpoint_show": 1000 * (shown - started),
        ]
    }

    private func inProcess(
        _ what: InProcessMeasurement, _ fixtures: FixtureFolder, file: String = ""
    ) throws -> [String: Double] {
        let result = try Subprocess.run(
            CommandLine.arguments[0], ["measure", what.rawValue, "--fixtures", fixtures.path, "--file", file])
        return try Subprocess.figures(in: result.output)
    }

    private func validationSeconds(_ fixtures: FixtureFolder) throws -> Double {
        let runs = FileManager.default.temporaryDirectory.appendingPathComponent("yolov5-bench-\(getpid())")
        defer { try? FileManager.default.removeItem(at: runs) }
        return try Subprocess.run(
            yolov5,
            [
                "val", "--weights", fixtures.weights, "--data", fixtures.dataset, "--img", "640", "--batch-size", "16",
                "--device", "cpu", "--project", runs.path,
            ]
        ).seconds
    }

    /// The command lies beside this program.
    private var yolov5: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("yolov5").path
    }
}

/// The middle one of three runs, as the peer's benchmark takes it.
func medianOfThree(_ body: () throws -> Double) rethrows -> Double {
    try [body(), body(), body()].sorted()[1]
}

/// The Python system, through its own benchmark program.
enum Peer {
    static func python(in environment: String) -> String { environment + "/bin/python" }

    static func measured(
        _ measurement: Measurement, in environment: String, _ fixtures: FixtureFolder
    ) throws -> [String: Double] {
        if measurement == .checkpoint { return [:] }  // held against plain reading
        if measurement == .memory {
            let training = MemoryBenchmark(
                program: python(in: environment), command: ["-m", "yolov5.train"], fixtures: fixtures)
            return try ["worker_memory": training.workerMegabytes(workers: 8)]
        }
        if measurement == .scan { return try scanFigures(in: environment, fixtures) }
        if measurement == .loader { return try loaderFigures(in: environment, fixtures) }
        if measurement == .coco { return try cocoFigures(in: environment, fixtures) }
        let result = try Subprocess.run(
            python(in: environment),
            ["Benchmarks/peer/bench_peer.py", "--weights", fixtures.weights, "--data", fixtures.data, "--what",
                measurement.rawValue])
        let all = try Subprocess.json(in: result.output)
        let figures = all[measurement.rawValue] as? [String: Any] ?? [:]
        func number(_ path: String...) -> Double? {
            var value: Any? = figures
            for key in path { value = (value as? [String: Any])?[key] }
            return (value as? NSNumber)?.doubleValue
        }
        let found: [String: Double?] =
            switch measurement {
            case .step:
                // The peer computes in float32 on a CPU; our automatic precision is held against that too.
                [
                    "step_yolov5n_fp32": number("yolov5n", "images_per_s"),
                    "step_yolov5n_auto": number("yolov5n", "images_per_s"),
                    "step_yolov5s_fp32": number("yolov5s", "images_per_s"),
                    "step_yolov5s_auto": number("yolov5s", "images_per_s"),
                    "peak_memory": number("peak_rss_mb"),
                ]
            case .val: ["val_process": number("wall_s")]
            case .startup: ["startup_help": number("help_s")]
            case .scan, .loader, .memory, .coco, .checkpoint: [:]
            }
        return found.compactMapValues { $0 }
    }

    private static func scanFigures(in environment: String, _ fixtures: FixtureFolder) throws -> [String: Double] {
        let links = try LinkedImages(fixtures, count: ScanBenchmark.linkCount, writesLabels: false)
        defer { links.remove() }
        let result = try Subprocess.run(
            python(in: environment),
            ["Benchmarks/peer/bench_peer.py", "--weights", fixtures.weights, "--data", links.path, "--what", "scan"])
        return ["scan": (try Subprocess.json(in: result.output)["scan"] as? NSNumber)?.doubleValue ?? .nan]
    }

    private static func cocoFigures(in environment: String, _ fixtures: FixtureFolder) throws -> [String: Double] {
        let files = try MadeUpDetections()
        defer { files.remove() }
        let result = try Subprocess.run(
            python(in: environment),
            ["Benchmarks/peer/bench_peer.py", "--weights", fixtures.weights, "--data", files.path, "--what", "coco"])
        return ["coco_eval": (try Subprocess.json(in: result.output)["coco"] as? NSNumber)?.doubleValue ?? .nan]
    }

    private static func loaderFigures(in environment: String, _ fixtures: FixtureFolder) throws -> [String: Double] {
        var figures: [String: Double] = [:]
        for (name, labels) in [("low", BenchmarkData.Labels.boxes), ("high", .polygons)] {
            let data = try BenchmarkData(fixtures, labels: labels)
            defer { data.remove() }
            let file = "hyp.scratch-\(name).yaml"
            let result = try Subprocess.run(
                python(in: environment),
                ["Benchmarks/peer/bench_peer.py", "--weights", fixtures.weights, "--data", data.folder.path, "--what", "loader",
                    "--hyp", file])
            let found = try Subprocess.json(in: result.output)["loader"] as? [String: Any] ?? [:]
            for place in ["disk", "ram"] {
                figures["loader_\(name)_\(place)"] = (found["\(file):\(place)"] as? NSNumber)?.doubleValue
            }
        }
        return figures
    }
}
