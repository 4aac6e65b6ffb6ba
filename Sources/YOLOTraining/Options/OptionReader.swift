import YOLOData
import YOLOModel
import Yams

/// One entry of an options file.
struct OptionReader {
    let name: String
    let node: Node
    let file: String

    /// - Returns: a warning for what does not go on.
    func set(_ options: inout TrainingOptions) throws -> String? {
        switch name {
        case "weights": options.weights = try text()
        case "cfg": options.configuration = try text()
        case "data": options.data = try text()
        case "hyp": options.hyperparameters = try hyperparameters()
        case "epochs": options.epochs = try integer()
        case "batch_size": options.batchSize = try integer()
        case "imgsz": options.imageSize = try integer()
        case "img_size": options.imageSize = try integers()[0]  // 5.0: of training and of validation
        case "nosave": options.savesOnlyAtEnd = try flag()
        case "noval", "notest": options.validatesOnlyAtEnd = try flag()
        case "noautoanchor": options.keepsAnchors = try flag()
        case "cache", "cache_images":
            options.cachesValidationOnly = node.scalar?.string == "val"
            options.cache = isNull || node.bool == false ? .none : node.bool == true || options.cachesValidationOnly ? .ram : try word()
        case "device": options.device = try text()
        case "optimizer": options.optimizer = try word()
        case "adam": if try flag() { options.optimizer = .adam }
        case "workers": options.workers = try integer()
        case "project": options.project = try text()
        case "name": options.name = try text()
        case "exist_ok": options.reusesFolder = try flag()
        case "cos_lr": options.usesCosineSchedule = try flag()
        case "linear_lr": options.usesCosineSchedule = try !flag()
        case "label_smoothing": options.hyperparameters.loss.labelSmoothing = try number()
        case "freeze": options.frozenRows = FrozenRows(flag: try integers())
        case "seed": options.seed = try integer()
        case "precision": options.precision = try word()
        case "rect": options.usesRectangularBatches = try flag()
        case "quad": options.joinsFour = try flag()
        case "image_weights": options.weighsImages = try flag()
        case "multi_scale": options.variesImageSize = try flag()
        case "single_cls": options.labels.isSingleClass = try flag()
        case "label_policy": options.labels.policy = try word()
        case "cache_ram":
            guard let budget = CacheBudget(try text()) else { throw fault("an amount of memory, such as 8GB or 50%") }
            options.cacheBudget = budget
        case "cache_folder": options.cacheLocation = CacheLocation(try text())
        case "verify_cache": options.labels.verifiesCache = try flag()
        case "sync_bn":
            guard try !flag() else { throw fault("false; the run used a part of Python's YOLOv5 that is not in this version") }
        case "evolve":
            guard isNull || node.bool == false else { throw fault("null; an evolution does not go on") }
        case "patience": options.patience = try integer()
        case "save_period": options.savePeriod = try integer()
        case "save_steps": options.saveSteps = try integer()
        case "plots_format": options.plotFormat = try word()
        case "noplots": options.drawsNothing = try flag()
        case _ where Self.harmless.contains(name): break
        default:
            // A slip would change the run without a word. Short names are near to everything.
            if name.count > 4, let nearest = NearestName.of(name, among: Self.decisive) {
                throw TrainingError.unknownKey(name, file: file, line: node.mark?.line ?? 0, nearest: nearest)
            }
            return "\(name): nothing is known of this option; the run goes on without"
        }
        return nil
    }

    /// Options that decide what comes of a run.
    private static let decisive = TrainingOptions().settings.map(\.name) + ["hyp"]

    /// Options of Python's, from 5.0 to 7.0 and its package, that say where a run is logged, or hold what is asked anew.
    private static let harmless: Set = [
        "resume", "save_dir", "bucket", "local_rank", "entity", "upload_dataset", "bbox_interval",
        "artifact_alias", "mmdet_tags", "neptune_token", "neptune_project", "s3_upload_dir", "roboflow_token", "log_imgs",
        "log_artifacts", "save_artifacts", "total_batch_size", "world_size", "global_rank", "logger", "yaml", "roboflow_upload",
        "ndjson_console", "ndjson_file", "img",
    ]

    private func hyperparameters() throws -> Hyperparameters {
        if let name = node.scalar?.string { return try Hyperparameters(named: name) }
        guard case .mapping(let entries) = node else { throw fault("keys with numbers") }
        return try Hyperparameters(entries, file: file)
    }

    private func text() throws -> String {
        guard let scalar = node.scalar else { throw fault("text") }
        return isNull ? "" : scalar.string
    }

    private func integer() throws -> Int {
        guard let scalar = node.scalar, let integer = Int(scalar.string) else { throw fault("a whole number") }
        return integer
    }

    private func integers() throws -> [Int] {
        if let number = node.scalar.flatMap({ Int($0.string) }) { return [number] }
        let numbers = node.sequence.map { $0.map { $0.scalar.flatMap { Int($0.string) } } } ?? []
        guard !numbers.isEmpty, !numbers.contains(nil) else { throw fault("a list of whole numbers") }
        return numbers.compactMap(\.self)
    }

    private func number() throws -> Double {
        guard let scalar = node.scalar, let number = Double(scalar.string), number.isFinite else { throw fault("a number") }
        return number
    }

    private func flag() throws -> Bool {
        guard let flag = node.bool else { throw fault("true or false") }
        return flag
    }

    /// One of the words of an enumeration.
    private func word<Word: RawRepresentable<String> & CaseIterable>() throws -> Word {
        guard let word = Word(rawValue: try text()) else {
            throw fault("one of \(Word.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return word
    }

    private var isNull: Bool {
        guard let scalar = node.scalar, [.plain, .any].contains(scalar.style) else { return false }
        return ["", "~", "null", "None"].contains(scalar.string)
    }

    private func fault(_ expected: String) -> TrainingError {
        let found = node.scalar.map { "'\($0.string)'" } ?? "a list or map"
        return .wrongValue(key: name, file: file, line: node.mark?.line ?? 0, found: found, expected: expected)
    }
}
