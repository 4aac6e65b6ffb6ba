import ArgumentParser

/// Flags of the reference for parts that this version lacks: known by name, and refused rather than ignored.
struct MissingParts: ParsableArguments {
    @Flag(help: "Batch statistics over several GPUs.")
    var syncBn = false

    @Option(name: [.customLong("local_rank"), .customLong("local-rank")], help: "The process's number on its machine, given by a launcher.")
    var localRank: Int?

    @Option(help: "Weights & Biases: entity.")
    var entity: String?

    @Option(name: .customLong("upload_dataset"), help: "Weights & Biases: upload the data set.")
    var uploadDataset: String?

    @Option(name: .customLong("bbox_interval"), help: "Weights & Biases: epochs between pictures with boxes.")
    var boxInterval: Int?

    @Option(name: .customLong("artifact_alias"), help: "Weights & Biases: version of the data set.")
    var artifactAlias: String?

    private static let parts = [
        "--sync-bn": "training on several GPUs", "--local_rank": "training on several GPUs", "--local-rank": "training on several GPUs",
        "--entity": "logging to Weights & Biases", "--upload_dataset": "logging to Weights & Biases",
        "--bbox_interval": "logging to Weights & Biases", "--artifact_alias": "logging to Weights & Biases",
    ]

    /// - Throws: `ValidationError` that names the part, for the first of the flags that is used.
    func refuse(_ given: GivenOptions, device: String) throws {
        for flag in given.names.sorted() {
            if let part = Self.parts[flag] { throw ValidationError("\(flag): \(part) is not part of this version") }
        }
        if device.contains(",") {
            throw ValidationError("--device \(device): training on several GPUs is not part of this version; name one device")
        }
    }
}
