public import Detection

/// A validation that begins.
public struct ValidationPlan: Sendable, Hashable {
    public let batches: Int
    public let images: Int
    /// During a training the table is one line; alone it shows the classes.
    public let isPartOfTraining: Bool
    /// What is validated, for the line above the table; nil during the epochs.
    public let title: String?

    public init(batches: Int, images: Int, isPartOfTraining: Bool, title: String? = nil) {
        self.batches = batches
        self.images = images
        self.isPartOfTraining = isPartOfTraining
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
    /// Precision, recall and average precision of one class, or their means over the classes that have labels.
    public struct Scores: Sendable, Hashable {
        /// At the confidence of the highest mean F1 and an IoU of 0.5.
        public var precision: Double
        public var recall: Double
        /// Average precision at an IoU of 0.5.
        public var averagePrecision50: Double
        /// Mean of the average precisions at IoU 0.5, 0.55, …, 0.95.
        public var averagePrecision: Double

        public init(precision: Double, recall: Double, averagePrecision50: Double, averagePrecision: Double) {
            self.precision = precision
            self.recall = recall
            self.averagePrecision50 = averagePrecision50
            self.averagePrecision = averagePrecision
        }
    }

    /// A class that has labels.
    public struct ClassScores: Sendable, Hashable {
        public var index: Int
        public var name: String
        public var labels: Int
        public var scores: Scores

        public init(index: Int, name: String, labels: Int, scores: Scores) {
            self.index = index
            self.name = name
            self.labels = labels
            self.scores = scores
        }
    }

    /// Milliseconds an image, measured as wall time of each part.
    public struct Speed: Sendable, Hashable {
        public var preprocess: Double
        public var inference: Double
        public var nonMaximumSuppression: Double

        public init(preprocess: Double, inference: Double, nonMaximumSuppression: Double) {
            self.preprocess = preprocess
            self.inference = inference
            self.nonMaximumSuppression = nonMaximumSuppression
        }
    }

    public var mean: Scores
    public var classes: [ClassScores]
    public var images: Int
    public var labels: Int
    public var speed: Speed
    /// Mean losses over the validation's batches; only during a training.
    public var losses: LossItems?
    /// `0.1 * mAP@.5 + 0.9 * mAP@.5:.95`, what best.pt is chosen by.
    public var fitness: Double { 0.1 * mean.averagePrecision50 + 0.9 * mean.averagePrecision }

    public init(mean: Scores, classes: [ClassScores], images: Int, labels: Int, speed: Speed, losses: LossItems?) {
        self.mean = mean
        self.classes = classes
        self.images = images
        self.labels = labels
        self.speed = speed
        self.losses = losses
    }
}
