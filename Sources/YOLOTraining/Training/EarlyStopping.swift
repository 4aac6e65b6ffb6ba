/// Ends a training that has not become better for a while.
///
/// Source: YOLOv5 6.2, `EarlyStopping`, but an equal fitness is no improvement: there a training that stays where it is goes on for
/// ever.
struct EarlyStopping: Sendable, Hashable {
    /// Epochs without improvement (`--patience`); 0 for no end of it.
    let patience: Int

    /// - Parameters:
    ///   - epoch: the one that has just been validated, from 0.
    ///   - bestEpoch: the one with the highest fitness so far.
    func isDue(after epoch: Int, bestEpoch: Int) -> Bool { patience > 0 && epoch - bestEpoch >= patience }
}
