import Detection
import Downloads
import Foundation
import YOLOData

/// What a data set has to do with COCO.
struct COCOData: Sendable, Hashable {
    /// Its file of annotations, if that is there.
    let annotations: String?
    /// Whether its validation images are COCO's by their name, as the reference tells it.
    private let hasName: Bool

    init(_ data: DatasetDescription) {
        let file = data.root.appendingPart("annotations/instances_val2017.json")
        annotations = FileManager.default.fileExists(atPath: file) ? file : nil
        hasName = data.validation.count == 1 && data.validation[0].hasSuffix("coco/val2017.txt")
    }

    /// By its name, or by the annotations, whatever the folders are called.
    var isCOCO: Bool { hasName || annotations != nil }

    /// IoU of the suppression when a training ends: there COCO takes 0.65.
    var finalThreshold: Float { isCOCO ? 0.65 : 0.6 }
}

/// The numbers that classes have in files of detections, by class index.
///
/// A file of annotations says them, where it has all the names. COCO's 80 classes are counted to 90 otherwise, and other classes
/// keep their numbers.
/// Source: `class_map` of the reference's `val.py`, which goes by the data set's name alone.
struct CategoryNumbers: Sendable, Hashable {
    let ids: [Int]
    /// Whether the annotations are of classes that are called otherwise.
    let areGuessed: Bool

    /// - Parameter categories: of the annotations; empty without.
    init(classNames: [String], isCOCO: Bool, categories: [COCOGroundTruth.Category] = []) {
        let idsByName = Dictionary(grouping: categories, by: \.name).compactMapValues { $0.count == 1 ? $0[0].id : nil }
        let named = classNames.compactMap { idsByName[$0] }
        if named.count == classNames.count, Set(named).count == named.count {
            (ids, areGuessed) = (named, false)
        } else if isCOCO, classNames.count <= COCOCategories.ids.count {
            (ids, areGuessed) = (Array(COCOCategories.ids.prefix(classNames.count)), Set(categories.map(\.id)) != Set(COCOCategories.ids))
        } else {
            (ids, areGuessed) = (Array(classNames.indices), true)
        }
    }
}
