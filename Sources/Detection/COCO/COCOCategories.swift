/// The numbers of COCO's 80 classes in its files of annotations, which count to 90 and leave some out.
public enum COCOCategories {
    /// By class index.
    public static let ids: [Int] = [1...11, 13...25, 27...28, 31...44, 46...65, 67...67, 70...70, 72...82, 84...90].flatMap(Array.init)
}
