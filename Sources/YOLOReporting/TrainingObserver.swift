/// Listens to a training or a validation: progress display, files, loggers, plots.
///
/// The methods are the reference's callback points, in the order in which a run passes them. Each does nothing unless an observer
/// implements it. All are called on the thread that trains, which waits for them: do little, or hand the work on.
/// Payloads are plain values; an observer can change nothing in the run.
public protocol TrainingObserver: AnyObject {
    /// The options are known, nothing is loaded (`on_pretrain_routine_start`).
    func setupDidStart(_ run: RunDescription)
    /// Images and labels are being read; ten times a second, and once at the end. No point of the reference.
    func dataScanDidAdvance(_ scan: DataScan)
    /// Images are being cached; ten times a second, and once at the end. No point of the reference.
    func imageCacheDidAdvance(_ filling: CacheFilling)
    /// Data, model and optimiser are ready (`on_pretrain_routine_end`).
    func setupDidEnd(_ plan: TrainingPlan)
    /// Something chosen by the user was adjusted, for example the image size to the stride (`on_params_update`).
    func parametersDidChange(_ change: ParameterChange)
    /// The first epoch is about to begin (`on_train_start`).
    func trainingDidStart(_ plan: TrainingPlan)
    /// (`on_train_epoch_start`)
    func epochDidStart(_ epoch: EpochPosition)
    /// (`on_train_batch_start`)
    func batchDidStart(_ batch: BatchPosition)
    /// Gradients are complete, the optimiser steps now (`optimizer_step`).
    func optimizerWillStep(_ batch: BatchPosition)
    /// The step is done, gradients are cleared now (`on_before_zero_grad`).
    func gradientsWillClear(_ batch: BatchPosition)
    /// (`on_train_batch_end`)
    func batchDidEnd(_ batch: BatchReport)
    /// All batches of the epoch are done, validation is not (`on_train_epoch_end`).
    func epochDidEnd(_ epoch: EpochPosition)
    /// (`on_val_start`)
    func validationDidStart(_ plan: ValidationPlan)
    /// (`on_val_batch_start`)
    func validationBatchDidStart(_ batch: ValidationBatch)
    /// One image is matched with its labels (`on_val_image_end`).
    func validationImageDidEnd(_ image: ValidationImage)
    /// (`on_val_batch_end`)
    func validationBatchDidEnd(_ batch: ValidationBatch)
    /// (`on_val_end`)
    func validationDidEnd(_ report: ValidationReport)
    /// Training and validation of an epoch are done (`on_fit_epoch_end`).
    func fitEpochDidEnd(_ summary: EpochSummary)
    /// Weights are on disk (`on_model_save`).
    func modelDidSave(_ saved: SavedModel)
    /// The last epoch is over and best.pt validated (`on_train_end`).
    func trainingDidEnd(_ outcome: TrainingOutcome)
    /// The run is over, well or not; the last call of all (`teardown`).
    func teardown()
    /// Whether every `BatchReport` shall hold its losses, for which the run waits for the device at each batch; otherwise they
    /// are read ten times a second.
    var needsEveryLoss: Bool { get }
}

extension TrainingObserver {
    public var needsEveryLoss: Bool { false }
    public func setupDidStart(_ run: RunDescription) {}
    public func dataScanDidAdvance(_ scan: DataScan) {}
    public func imageCacheDidAdvance(_ filling: CacheFilling) {}
    public func setupDidEnd(_ plan: TrainingPlan) {}
    public func parametersDidChange(_ change: ParameterChange) {}
    public func trainingDidStart(_ plan: TrainingPlan) {}
    public func epochDidStart(_ epoch: EpochPosition) {}
    public func batchDidStart(_ batch: BatchPosition) {}
    public func optimizerWillStep(_ batch: BatchPosition) {}
    public func gradientsWillClear(_ batch: BatchPosition) {}
    public func batchDidEnd(_ batch: BatchReport) {}
    public func epochDidEnd(_ epoch: EpochPosition) {}
    public func validationDidStart(_ plan: ValidationPlan) {}
    public func validationBatchDidStart(_ batch: ValidationBatch) {}
    public func validationImageDidEnd(_ image: ValidationImage) {}
    public func validationBatchDidEnd(_ batch: ValidationBatch) {}
    public func validationDidEnd(_ report: ValidationReport) {}
    public func fitEpochDidEnd(_ summary: EpochSummary) {}
    public func modelDidSave(_ saved: SavedModel) {}
    public func trainingDidEnd(_ outcome: TrainingOutcome) {}
    public func teardown() {}
}
