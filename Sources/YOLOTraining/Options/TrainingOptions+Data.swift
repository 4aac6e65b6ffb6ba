import Foundation
import YOLOData

extension TrainingOptions {
    /// How the training's samples are made.
    /// - Parameters:
    ///   - imageSize: Side of a sample in pixels.
    ///   - stride: The largest of the model.
    func trainingData(imageSize: Int, stride: Int) -> TrainingDataOptions {
        var data = TrainingDataOptions()
        data.imageSize = imageSize
        data.batchSize = batchSize
        data.augmentation = hyperparameters.augmentation
        data.seed = UInt64(seed)
        // Weights choose among all images: what is in a batch has no common shape then, as in the reference.
        data.shape = joinsFour ? .quad : usesRectangularBatches && !weighsImages ? .rectangular(stride: stride) : .square
        data.cache = cacheSettings(of: "train")
        return data
    }

    /// - Parameters:
    ///   - split: "train" or "val": each has a cache of its own.
    ///   - used: Bytes of the budget that another split has taken.
    func cacheSettings(of split: String, used: Int = 0) -> ImageCacheSettings {
        var settings = ImageCacheSettings(cachesValidationOnly && split == "train" ? .none : cache)
        settings.budget = cacheBudget.reduced(by: used)
        settings.location = cacheLocation
        settings.sharing = CacheSharing(split: split, ProcessInfo.processInfo.environment)
        return settings
    }
}

extension CacheSharing {
    /// What the ranks of a run on this machine share; nil for a process on its own.
    /// - Parameter environment: Of a process that torchrun, or something like it, has started.
    init?(split: String, _ environment: [String: String]) {
        guard let count = environment["LOCAL_WORLD_SIZE"].flatMap(Int.init), count > 1,
            let address = environment["MASTER_ADDR"], let port = environment["MASTER_PORT"]
        else { return nil }
        let run = environment["TORCHELASTIC_RUN_ID"] ?? ""
        self.init(runID: "\(address):\(port)/\(run)/\(split)", processCount: count)
    }
}
