import Detection
import Foundation
import GoldenFixtures
import Synchronization
import YOLOReporting

@testable import YOLOTraining

/// A folder for an evolution whose trainings are a formula.
final class EvolutionStudy: Sendable {
    let folder: URL
    private let heard = Mutex<[EvolutionEvent]>([])

    init(_ name: String = #function) throws { folder = try Fixtures.temporaryFolder(name) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// What `hyp.scratch-low.yaml` holds.
    static let values: [String: Double] = [
        "lr0": 0.01, "lrf": 0.01, "momentum": 0.937, "weight_decay": 0.0005, "warmup_epochs": 3, "warmup_momentum": 0.8,
        "warmup_bias_lr": 0.1, "box": 0.05, "cls": 0.5, "cls_pw": 1, "obj": 1, "obj_pw": 1, "iou_t": 0.2, "anchor_t": 4,
        "fl_gamma": 0, "hsv_h": 0.015, "hsv_s": 0.7, "hsv_v": 0.4, "degrees": 0, "translate": 0.1, "scale": 0.5, "shear": 0,
        "perspective": 0, "flipud": 0, "fliplr": 0.5, "mosaic": 1, "mixup": 0, "copy_paste": 0,
    ]

    func evolution(
        seed: UInt64 = 0, anchors: Bool = true, selection: ParentSelection = .single, values: [String: Double] = values,
        bucket: Bucket? = nil
    ) -> Evolution {
        var evolution = Evolution(
            folder: folder, space: SearchSpace(anchors: anchors), values: values, seed: seed, selection: selection, bucket: bucket)
        evolution.pollingInterval = .milliseconds(5)
        return evolution
    }

    /// A training: the nearer to a learning rate of 0.02, the better.
    static func train(_ values: [String: Double], _ generation: Int) -> EvolutionResult {
        let map = max(0, 0.5 - 20 * abs((values["lr0"] ?? 0) - 0.02))
        return EvolutionResult([0.6, 0.5, map + 0.1, map, 0.05, 0.03, 0.02])
    }

    @discardableResult
    func run(
        _ evolution: Evolution? = nil, generations: Int,
        train: (_ values: [String: Double], _ generation: Int) throws -> EvolutionResult = EvolutionStudy.train
    ) throws -> EvolutionSummary {
        try (evolution ?? self.evolution()).run(
            generations: generations, report: { event in self.heard.withLock { $0.append(event) } }, train: train)
    }

    var events: [EvolutionEvent] { heard.withLock { $0 } }

    var warnings: [String] {
        events.compactMap { if case .warning(let text) = $0 { text } else { nil } }
    }

    var candidates: [EvolutionCandidate] {
        events.compactMap { if case .generationBegan(let candidate, _) = $0 { candidate } else { nil } }
    }

    func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    func table(anchors: Bool = true) throws -> EvolutionTable {
        try EvolutionTable(try text("evolve.csv"), file: "evolve.csv", SearchSpace(anchors: anchors))
    }

    /// A table of Python's trainer, which has no records beside it.
    static func writtenByPython() throws -> String {
        try String(contentsOf: Fixtures.golden.appendingPathComponent("evolve/evolve.csv"), encoding: .utf8)
    }
}
