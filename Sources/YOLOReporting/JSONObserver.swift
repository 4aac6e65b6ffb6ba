public import Foundation

/// Tells a run to programs: one JSON object a line, on standard output (`--json`).
///
/// Each line begins with `{"event":"…",`; the other keys come in alphabetical order. Every key that an event has is there every time:
/// what is not known, and numbers that are not finite, are null. docs/json.md lists events and keys.
public final class JSONObserver: TrainingObserver {
    private let output: FileHandle
    private let batchInterval: Duration
    private let clock = ContinuousClock()
    private var start: ContinuousClock.Instant
    private var lastBatch: ContinuousClock.Instant?
    private var validation: ValidationPlan?

    /// - Parameter batchInterval: the least time between two lines on batches.
    public init(_ output: FileHandle = .standardOutput, batchInterval: Duration = .seconds(1)) {
        self.output = output
        self.batchInterval = batchInterval
        start = clock.now
    }

    // MARK: Events

    public func setupDidStart(_ run: RunDescription) throws {
        start = clock.now
        try write("start", StartLine(run))
    }

    public func parametersDidChange(_ change: ParameterChange) throws { try write("parameter", ParameterLine(change)) }

    public func setupDidEnd(_ plan: TrainingPlan) throws { try write("setup", SetupLine(plan)) }

    public func batchDidEnd(_ batch: BatchReport) throws {
        guard let losses = batch.meanLosses else { return }
        let now = clock.now
        if let lastBatch, lastBatch.duration(to: now) < batchInterval { return }
        lastBatch = now
        try write("batch", BatchLine(batch, losses))
    }

    public func validationDidStart(_ plan: ValidationPlan) { validation = plan }

    public func validationDidEnd(_ report: ValidationReport) throws {
        try write("validation", ValidationLine(report, title: validation?.title))
    }

    public func fitEpochDidEnd(_ summary: EpochSummary) throws { try write("epoch", EpochLine(summary)) }

    public func modelDidSave(_ saved: SavedModel) throws { try write("saved", SavedLine(saved)) }

    public func trainingDidEnd(_ outcome: TrainingOutcome) throws { try write("end", EndLine(outcome)) }

    /// The end of a validation on its own, which no observer hears of.
    package func validationRunDidEnd(_ report: ValidationReport, folder: String, pictures: [String]) throws {
        try write("end", EndLine(report, seconds: start.duration(to: clock.now).seconds, folder: folder, pictures: pictures))
    }

    /// The run has ended with an error.
    package func runDidFail(_ message: String) throws { try write("error", ErrorLine(message: message)) }

    // MARK: Lines

    private let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()

    /// - Parameter line: becomes an object that has a key.
    private func write(_ event: StaticString, _ line: some Encodable) throws {
        let object = try encoder.encode(line)
        try output.write(contentsOf: Data("{\"event\":\"\(event)\",".utf8) + object.dropFirst() + Data("\n".utf8))
    }
}
