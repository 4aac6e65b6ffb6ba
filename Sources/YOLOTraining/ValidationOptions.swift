public import YOLOData

/// Everything that a user decides about a validation. Names in parentheses are the command's flags.
public struct ValidationOptions: Sendable, Hashable {
    /// The part of the data set that is validated on (`--task`).
    public enum Split: String, Sendable, CaseIterable {
        case train, val, test
    }

    /// Weights to validate (`--weights`); several predict together, as an ensemble.
    public var weights = ["yolov5s.pt"]
    /// Data set YAML (`--data`).
    public var data = "data/coco128.yaml"
    /// Images a batch (`--batch-size`).
    public var batchSize = 32
    /// Longer side of the images in pixels (`--imgsz`).
    public var imageSize = 640
    /// Objects of less confidence do not count (`--conf-thres`).
    public var confidenceThreshold = 0.001
    /// Of two objects that overlap more, the more confident one counts (`--iou-thres`).
    public var iouThreshold = 0.6
    public var split = Split.val
    /// How labels are read: `--single-cls`, `--label-policy`, `--verify-cache`.
    public var labels = LabelOptions()
    /// `cpu`, a number of a CUDA device, or empty for the best one there is (`--device`).
    public var device = ""
    /// Loader threads (`--workers`).
    public var workers = 8
    /// Folder of all runs (`--project`) and name of this one (`--name`).
    public var project = "runs/val"
    public var name = "exp"
    /// Write into a run folder that exists instead of counting on (`--exist-ok`).
    public var reusesFolder = false
    /// Look at every image three times: at its size, mirrored and smaller, and smaller still (`--augment`).
    public var usesTestTimeAugmentation = false
    public var precision = PrecisionMode.auto
    /// Compute in float16 (`--half`); a CPU computes in float32 instead, and the user is told.
    public var usesHalfPrecision = false
    /// Fetch nothing from the network, neither weights nor data (`--offline`).
    public var isOffline = false
    /// Let a script under `download:` of the data set's YAML run (`--allow-scripts`).
    public var allowsScripts = false

    public init() {}

    /// Names as the reference prints them.
    var settings: [(name: String, value: OptionValue)] {
        [
            ("data", .text(data)), ("weights", .texts(weights)), ("batch_size", .integer(batchSize)),
            ("imgsz", .integer(imageSize)), ("conf_thres", .number(confidenceThreshold)),
            ("iou_thres", .number(iouThreshold)), ("task", .text(split.rawValue)), ("device", .text(device)),
            ("single_cls", .flag(labels.isSingleClass)), ("augment", .flag(usesTestTimeAugmentation)), ("half", .flag(usesHalfPrecision)),
            ("workers", .integer(workers)), ("project", .text(project)), ("name", .text(name)),
            ("exist_ok", .flag(reusesFolder)), ("precision", .text(precision.rawValue)),
            ("label_policy", .text(labels.policy.rawValue)), ("verify_cache", .flag(labels.verifiesCache)),
        ]
    }
}
