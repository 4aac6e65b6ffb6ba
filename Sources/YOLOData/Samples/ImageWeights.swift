/// How much each class and each image counts.
///
/// - Source: `labels_to_class_weights` and `labels_to_image_weights` of the reference.
package struct ImageWeights: Sendable {
    /// Objects of each class, by image.
    private let counts: [[(classIndex: Int, count: Int)]]
    /// The share of each class in the inverse frequencies of all; they sum to one.
    package let classWeights: [Double]

    package init(_ set: LabeledImageSet) {
        self.init(set.images.indices.map { set.images.classes($0) }, classCount: set.classCount)
    }

    /// - Parameter classes: Class indices of the objects of each image.
    package init(_ classes: [[Int]], classCount: Int) {
        counts = classes.map { classes in
            var byClass: [Int: Int] = [:]
            for index in classes { byClass[index, default: 0] += 1 }
            return byClass.sorted { $0.key < $1.key }.map { (classIndex: $0.key, count: $0.value) }
        }
        var totals = [Double](repeating: 0, count: classCount)
        for image in counts {
            for entry in image { totals[entry.classIndex] += Double(entry.count) }
        }
        // A class without objects counts as if it had one.
        let inverse = totals.map { 1 / max($0, 1) }
        let sum = inverse.reduce(0, +)
        classWeights = inverse.map { $0 / sum }
    }

    /// The weight of each image: the sum of the weights of its objects.
    package func imageWeights(classWeights: [Double]) -> [Double] {
        counts.map { image in image.reduce(0) { $0 + Double($1.count) * classWeights[$1.classIndex] } }
    }

    /// Weights of the classes for an epoch: the worse a class is found, the more it counts.
    ///
    /// - Parameter meanAveragePrecisions: Of each class after the epoch before, mAP@.5:.95.
    package func trainingClassWeights(_ meanAveragePrecisions: [Double]) -> [Double] {
        zip(classWeights, meanAveragePrecisions).map { weight, map in weight * (1 - map) * (1 - map) }
    }
}
