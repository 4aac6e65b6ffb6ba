import Detection
public import YOLOData

/// Everything that a user decides about a validation. Names in parentheses are the command's flags.
public struct ValidationOptions: Sendable, Hashable {
    /// What is measured (`--task`).
    public enum Task: String, Sendable, CaseIterable {
        /// Accuracy on this part of the data set.
        case train, val, test
        /// The speed of each weights file on its own: squares, and few objects.
        case speed
        /// Accuracy and speed of each weights file on its own at every size of `studySizes`.
        case study
    }

    /// Weights to validate (`--weights`); several predict together, as an ensemble, but for `speed` and `study`.
    public var weights = ["yolov5s.pt"]
    /// Data set YAML (`--data`).
    public var data = "data/coco128.yaml"
    /// Images a batch (`--batch-size`).
    public var batchSize = 32
    /// Longer side of the images in pixels (`--imgsz`); a study does not look at it.
    public var imageSize = 640
    /// Image sizes of a study.
    public var studySizes = Array(stride(from: 256, through: 1536, by: 128))
    /// Objects of less confidence do not count (`--conf-thres`); nil for 0.001, and 0.25 when speed is measured.
    public var confidenceThreshold: Double?
    /// Of two objects that overlap more, the more confident one counts (`--iou-thres`); nil for 0.6, 0.45 when speed is measured, and
    /// 0.65 in a study.
    public var iouThreshold: Double?
    /// Objects an image, at most (`--max-det`).
    public var maximumDetections = 300
    public var task = Task.val
    /// How labels are read: `--single-cls`, `--label-policy`, `--verify-cache`.
    public var labels = LabelOptions()
    /// Write a label file of what is found in each image (`--save-txt`).
    public var savesLabels = false
    /// These files have the objects' confidences too (`--save-conf`).
    public var savesConfidences = false
    /// The labels count as if they were found, and the files have both (`--save-hybrid`).
    public var mergesLabels = false
    /// Write all detections in COCO's form (`--save-json`). Without it, too, for COCO itself.
    public var savesDetections = false
    /// Annotations that COCO's evaluation goes by (`--annotations`); nil for those of the data set, if it has some.
    public var annotations: String?
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
            ("imgsz", task == .study ? .integers(studySizes) : .integer(imageSize)), ("conf_thres", .number(usedConfidence)),
            ("iou_thres", .number(usedOverlap)), ("max_det", .integer(maximumDetections)), ("task", .text(task.rawValue)),
            ("device", .text(device)), ("single_cls", .flag(labels.isSingleClass)), ("augment", .flag(usesTestTimeAugmentation)),
            ("save_txt", .flag(writesLabelFiles)), ("save_hybrid", .flag(mergesLabels)), ("save_conf", .flag(savesConfidences)),
            ("save_json", .flag(savesDetections)), ("annotations", annotations.map { .text($0) } ?? .absent),
            ("half", .flag(usesHalfPrecision)), ("workers", .integer(workers)), ("project", .text(project)), ("name", .text(name)),
            ("exist_ok", .flag(reusesFolder)), ("precision", .text(precision.rawValue)),
            ("label_policy", .text(labels.policy.rawValue)), ("verify_cache", .flag(labels.verifiesCache)),
        ]
    }
}

// MARK: - What follows from the options

extension ValidationOptions {
    var usedConfidence: Double { confidenceThreshold ?? (task == .speed ? 0.25 : 0.001) }

    var usedOverlap: Double { iouThreshold ?? (task == .speed ? 0.45 : task == .study ? 0.65 : 0.6) }

    var writesLabelFiles: Bool { savesLabels || mergesLabels }

    /// The part of the data set that is validated on.
    var split: String { [.speed, .study].contains(task) ? Task.val.rawValue : task.rawValue }

    /// How objects are picked from the predictions.
    ///
    /// Source: `run` of the reference's `val.py`.
    var searchRule: SearchRule {
        SearchRule(
            suppression: NonMaximumSuppression(
                confidenceThreshold: Float(usedConfidence), iouThreshold: Float(usedOverlap), isClassAgnostic: labels.isSingleClass,
                isMultiLabel: true, maximumDetections: maximumDetections),
            knowsLabels: mergesLabels, mergesClasses: labels.isSingleClass)
    }

    /// What a user may not expect of the options.
    var warnings: [String] {
        var warnings: [String] = []
        if usedConfidence > 0.001, task != .speed {
            warnings.append(
                "--conf-thres \(usedConfidence) leaves out what mAP counts on: it comes out too low, beside one at 0.001 without meaning")
        }
        if mergesLabels {
            warnings.append("--save-hybrid counts the labels as found: mAP, precision and recall say nothing of the model")
        }
        if savesConfidences, !writesLabelFiles {
            warnings.append("--save-conf changes nothing without --save-txt")
        }
        return warnings
    }
}
