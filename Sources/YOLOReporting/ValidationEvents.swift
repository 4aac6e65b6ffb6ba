public import Detection

/// A validation that begins.
public struct ValidationPlan: Sendable, Hashable {
    public let batches: Int
    public let images: Int
    /// What is validated, for the lines above the table; nil where the validation is a part of an epoch.
    public let title: String?

    public init(batches: Int, images: Int, title: String? = nil) {
        self.batches = batches
        self.images = images
        self.title = title
    }
}

/// A batch of a validation, counted from 0.
public struct ValidationBatch: Sendable, Hashable {
    public let index: Int
    public let count: Int

    public init(index: Int, count: Int) {
        self.index = index
        self.count = count
    }
}

/// One validated image.
public struct ValidationImage: Sendable, Hashable {
    public let path: String
    /// Boxes in pixels of the original image, by falling confidence.
    public let objects: [DetectedObject]

    public init(path: String, objects: [DetectedObject]) {
        self.path = path
        self.objects = objects
    }
}

/// What a validation found.
public struct ValidationReport: Sendable, Hashable {
    /// Milliseconds an image, as wall time of each part.
    public struct Speed: Sendable, Hashable {
        public var preprocess: Double
        public var inference: Double
        public var nonMaximumSuppression: Double
        /// Of a full batch of the largest images: images, channels, height, width; empty where it was not looked at.
        public var batchShape: [Int]

        public init(preprocess: Double, inference: Double, nonMaximumSuppression: Double, batchShape: [Int] = []) {
            self.preprocess = preprocess
            self.inference = inference
            self.nonMaximumSuppression = nonMaximumSuppression
            self.batchShape = batchShape
        }
    }

    /// By the reference's own way of counting.
    public var mean: MeanMetrics
    /// One entry for each class that has labels, by rising class index.
    public var classes: [ClassMetrics]
    /// Names by class index.
    public var classNames: [String]
    public var images: Int
    public var labels: Int
    public var speed: Speed
    /// Mean losses over the validation's batches; only during a training.
    public var losses: LossItems?
    /// Confusion matrix and curves; only of finished weights.
    public var details: ValidationDetails?
    /// What COCO's evaluation says, where its annotations are there.
    public var coco: COCOFigures?

    public init(
        mean: MeanMetrics, classes: [ClassMetrics], classNames: [String], images: Int, labels: Int, speed: Speed,
        losses: LossItems?, details: ValidationDetails? = nil, coco: COCOFigures? = nil
    ) {
        self.mean = mean
        self.classes = classes
        self.classNames = classNames
        self.images = images
        self.labels = labels
        self.speed = speed
        self.losses = losses
        self.details = details
        self.coco = coco
    }

    /// What the reference returns: `mean`, with COCO's AP and AP50 in place of `map` and `map50` where COCO evaluated.
    public var results: MeanMetrics {
        guard let coco else { return mean }
        return MeanMetrics(precision: mean.precision, recall: mean.recall, map50: coco.ap50 ?? 0, map: coco.ap ?? 0)
    }
}
