/// Listens to a training or a validation: progress display, files, loggers, plots.
///
/// The methods are the reference's callback points, in the order in which a run passes them. Each does nothing unless an observer
/// implements it. All are called on the thread that trains, which waits for them: do little, or hand the work on.
/// Payloads are plain values; an observer can change nothing in the run, but it can ask for its end (``stopRequest``).
/// One that throws is reported once and hears nothing more; the run goes on.
public protocol TrainingObserver: AnyObject {
    /// The options are known, nothing is loaded (`on_pretrain_routine_start`).
    func setupDidStart(_ run: RunDescription) throws
    /// Images and labels are being read; ten times a second, and once at the end. No point of the reference.
    func dataScanDidAdvance(_ scan: DataScan) throws
    /// Images are being cached; ten times a second, and once at the end. No point of the reference.
    func imageCacheDidAdvance(_ filling: CacheFilling) throws
    /// Data, model and optimiser are ready (`on_pretrain_routine_end`).
    func setupDidEnd(_ plan: TrainingPlan) throws
    /// Something chosen by the user was adjusted, for example the image size to the stride (`on_params_update`).
    func parametersDidChange(_ change: ParameterChange) throws
    /// The first epoch is about to begin (`on_train_start`).
    func trainingDidStart(_ plan: TrainingPlan) throws
    /// (`on_train_epoch_start`)
    func epochDidStart(_ epoch: EpochPosition) throws
    /// (`on_train_batch_start`)
    func batchDidStart(_ batch: BatchPosition) throws
    /// Gradients are complete, the optimiser steps now (`optimizer_step`).
    func optimizerWillStep(_ batch: BatchPosition) throws
    /// The step is done, gradients are cleared now (`on_before_zero_grad`).
    func gradientsWillClear(_ batch: BatchPosition) throws
    /// (`on_train_batch_end`)
    func batchDidEnd(_ batch: BatchReport) throws
    /// All batches of the epoch are done, validation is not (`on_train_epoch_end`).
    func epochDidEnd(_ epoch: EpochPosition) throws
    /// (`on_val_start`)
    func validationDidStart(_ plan: ValidationPlan) throws
    /// (`on_val_batch_start`)
    func validationBatchDidStart(_ batch: ValidationBatch) throws
    /// One image is matched with its labels (`on_val_image_end`).
    func validationImageDidEnd(_ image: ValidationImage) throws
    /// (`on_val_batch_end`)
    func validationBatchDidEnd(_ batch: ValidationBatch) throws
    /// (`on_val_end`)
    func validationDidEnd(_ report: ValidationReport) throws
    /// Training and validation of an epoch are done (`on_fit_epoch_end`).
    func fitEpochDidEnd(_ summary: EpochSummary) throws
    /// Weights are on disk (`on_model_save`).
    func modelDidSave(_ saved: SavedModel) throws
    /// The last epoch is over and best.pt validated (`on_train_end`).
    func trainingDidEnd(_ outcome: TrainingOutcome) throws
    /// The run is over, well or not; the last call of all (`teardown`).
    func teardown() throws
    /// What to call it when it fails.
    var name: String { get }
    /// Asked after every batch and every epoch: whether the run shall end before its last epoch.
    var stopRequest: StopRequest? { get }
    /// Whether every `BatchReport` shall hold its losses, for which the run waits for the device at each batch; otherwise they
    /// are read ten times a second.
    var needsEveryLoss: Bool { get }
}

/// How a run shall end before its last epoch.
public enum StopRequest: Int, Sendable, Comparable {
    /// When the epoch is over, as if no later one had been better: the best weights are validated and left as a finished model.
    case afterEpoch
    /// After the batch at hand: what a training needs to go on from there is saved in `last.pt`.
    case now

    public static func < (left: StopRequest, right: StopRequest) -> Bool { left.rawValue < right.rawValue }
}

extension TrainingObserver {
    public var name: String { "\(type(of: self))" }
    public var stopRequest: StopRequest? { nil }
    public var needsEveryLoss: Bool { false }
    public func setupDidStart(_ run: RunDescription) throws {}
    public func dataScanDidAdvance(_ scan: DataScan) throws {}
    public func imageCacheDidAdvance(_ filling: CacheFilling) throws {}
    public func setupDidEnd(_ plan: TrainingPlan) throws {}
    public func parametersDidChange(_ change: ParameterChange) throws {}
    public func trainingDidStart(_ plan: TrainingPlan) throws {}
    public func epochDidStart(_ epoch: EpochPosition) throws {}
    public func batchDidStart(_ batch: BatchPosition) throws {}
    public func optimizerWillStep(_ batch: BatchPosition) throws {}
    public func gradientsWillClear(_ batch: BatchPosition) throws {}
    public func batchDidEnd(_ batch: BatchReport) throws {}
    public func epochDidEnd(_ epoch: EpochPosition) throws {}
    public func validationDidStart(_ plan: ValidationPlan) throws {}
    public func validationBatchDidStart(_ batch: ValidationBatch) throws {}
    public func validationImageDidEnd(_ image: ValidationImage) throws {}
    public func validationBatchDidEnd(_ batch: ValidationBatch) throws {}
    public func validationDidEnd(_ report: ValidationReport) throws {}
    public func fitEpochDidEnd(_ summary: EpochSummary) throws {}
    public func modelDidSave(_ saved: SavedModel) throws {}
    public func trainingDidEnd(_ outcome: TrainingOutcome) throws {}
    public func teardown() throws {}
}
