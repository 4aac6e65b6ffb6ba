import Detection
import Testing
import Torch
import YOLOModel
import YOLOReporting

@testable import YOLOTraining

@Suite("Frozen rows")
struct FrozenRowsTests {
    private static func model() throws -> DetectionModel {
        Runtime.seed(1)
        let model = try DetectionModel(ModelConfiguration(named: "yolov5n.yaml"))
        try model.useChannelsLast()
        return model
    }

    @Test("one number means so many rows from the start, several mean those rows")
    func flag() throws {
        #expect(FrozenRows(flag: [0]) == .first(0))
        #expect(FrozenRows(flag: [10]) == .first(10))
        #expect(FrozenRows(flag: [0, 1, 2]) == .rows([0, 1, 2]))
        for rows in [FrozenRows.first(3), .rows([5]), .rows([7, 2]), .rows([])] {
            let (given, read) = (try Self.model(), try Self.model())
            _ = try rows.freeze(given)
            _ = try FrozenRows(flag: rows.flag).freeze(read)
            #expect(given.parameters().map(\.requiresGradient) == read.parameters().map(\.requiresGradient), "\(rows)")
        }
    }

    @Test("what was frozen is told")
    func summary() throws {
        #expect(try FrozenRows.first(0).freeze(Self.model()) == "")
        #expect(try FrozenRows.first(10).freeze(Self.model()) == "Frozen: rows 0 to 9")
        #expect(try FrozenRows.rows([4, 2]).freeze(Self.model()) == "Frozen: rows 2, 4")
    }

    @Test("rows that the model lacks are refused, and so is freezing everything", arguments: [
        (FrozenRows.first(26), "--freeze is 26;"), (.first(-1), "--freeze is -1;"), (.rows([3, 25]), "--freeze is row 25;"),
        (.rows([-1, 2]), "--freeze is row -1;"), (.first(25), "leaves no weights to train;"),
        (.rows(Array(0...24)), "leaves no weights to train;"),
    ])
    func refused(_ rows: FrozenRows, _ clue: String) throws {
        let model = try Self.model()
        #expect {
            _ = try rows.freeze(model)
        } throws: { error in
            "\(error)".contains(clue) && "\(error)".contains("rows 0 (Conv) to 24 (Detect) of YOLOv5n")
        }
    }

    @Test("opt.yaml has the numbers as the flag takes them", arguments: [
        (FrozenRows.first(0), "freeze: [0]\n"), (.first(10), "freeze: [10]\n"), (.rows([0, 1, 2]), "freeze: [0, 1, 2]\n"),
    ])
    func optionsFile(_ rows: FrozenRows, _ line: String) throws {
        var options = TrainingOptions()
        options.frozenRows = rows
        #expect(try OptionsFile.text(options, folder: "runs/train/exp").contains("\n\(line)"))
    }

    /// Decay is large here, so that a frozen weight that decayed would show.
    @Test("frozen weights keep every bit, in the average too; others learn, and statistics move everywhere", arguments: [
        (FrozenRows.first(10), PrecisionMode.fp32), (.first(10), .bf16), (.rows([2, 13, 24]), .fp32),
    ])
    func learning(_ rows: FrozenRows, _ precision: PrecisionMode) throws {
        let model = try Self.model()
        _ = try rows.freeze(model)
        let frozen = switch rows {
        case .first(let count): Set(0..<count)
        case .rows(let list): Set(list)
        }
        let before = try values(of: model)
        let learner = try learner(model, precision)
        var state = TrainingState()
        // After the warm-up: from a learning rate of 0 some weights would take no step in three batches.
        state.iteration = 100
        state.lastUpdate = 99
        let images = try Tensor.uniform([4, 3, 64, 64]).contiguous(.channelsLast)
        // A small and a large object an image, so that every level of the head has something to learn.
        let targets = [0.2, 0.9].flatMap { (side: Float) in
            (0..<4).map {
                GroundTruth(image: $0, classIndex: $0, box: .init(centerX: 0.5, centerY: 0.5, width: side, height: side))
            }
        }
        for batch in 0..<3 {
            let position = BatchPosition(batch: batch, epoch: EpochPosition(epoch: 0, epochs: 1, batches: 1000))
            _ = try learner.learn(from: images, targets, at: position, &state)
        }
        #expect(learner.ema.updateCount == 3)

        let after = try values(of: model), average = try values(of: learner.ema.model)
        for entry in model.stateEntries() where !entry.name.hasSuffix("anchors") {
            let row = try #require(Int(entry.name.split(separator: ".")[1]))
            let moves = entry.role == .buffer || !frozen.contains(row)
            #expect((before[entry.name] != after[entry.name]) == moves, "\(entry.name)")
            if entry.tensor.scalarType.isFloatingPoint {
                #expect((before[entry.name] != average[entry.name]) == moves, "average of \(entry.name)")
            }
        }
    }

    private func values(of model: DetectionModel) throws -> [String: [Float]] {
        var values: [String: [Float]] = [:]
        for entry in model.stateEntries() { values[entry.name] = try entry.tensor.array() }
        return values
    }

    private func learner(_ model: DetectionModel, _ precision: PrecisionMode) throws -> Learner {
        var hyperparameters = Hyperparameters()
        hyperparameters.nominalBatchSize = 4  // an update a batch
        let criterion = try DetectionLoss(
            model: model, options: hyperparameters.lossOptions(outputLevels: 3, classCount: 80, imageSize: 64))
        return try Learner(
            model, optimizer: .sgd, criterion: criterion,
            groups: ParameterGroups(model.stateEntries(), hyperparameters, weightDecay: 0.1),
            schedule: Schedule(hyperparameters, epochs: 1, batchesPerEpoch: 1000, batchSize: 4),
            on: ComputeDevice("cpu", precision), observers: Observers([]))
    }
}
