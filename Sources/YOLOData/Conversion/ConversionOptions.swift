/// How annotations are converted, and what is done with their images.
public struct ConversionOptions: Hashable, Sendable {
    /// What happens to the images that the labels belong to.
    public enum Images: String, CaseIterable, Sendable {
        /// A symbolic link to each image is put beside the labels.
        case link
        /// Each image is copied beside the labels.
        case copy
        /// Labels alone are written, also for images that are not there.
        case none
    }

    public var images = Images.link
    /// Where the images are; nil looks in the places that are usual for the format.
    public var imageFolder: String?
    /// Whether rows are outlines, where the annotations have them, instead of boxes. COCO and VOC only.
    public var writesPolygons = false
    /// The classes to write, by number; objects of other classes are left out. Nil takes all, as the annotations name and
    /// order them. COCO and VOC only.
    public var names: [String]?
    /// Whether crowd annotations of COCO, one box around many objects, are kept.
    public var keepsCrowds = false
    /// Whether objects that VOC marks as difficult are kept.
    public var keepsDifficult = false
    /// Whether label files, links and the YAML of an earlier conversion are replaced. Images never are.
    public var replacesFiles = false

    public init() {}
}
