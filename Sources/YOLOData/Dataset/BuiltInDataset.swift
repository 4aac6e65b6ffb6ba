/// The data set YAMLs that are part of the program, under the reference's names.
package enum BuiltInDataset {
    package static var names: [String] { files.map(\.name) }

    /// The text of a built-in file, by `coco128.yaml` or `data/coco128.yaml`; nil for another name.
    package static func text(named name: String) -> String? {
        let folder = "data/"
        let bare = name.hasPrefix(folder) ? String(name.dropFirst(folder.count)) : name
        return files.first { $0.name == bare }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private static let files: [(name: String, bytes: [UInt8])] = [
        ("coco128.yaml", PackageResources.coco128_yaml),
        ("coco.yaml", PackageResources.coco_yaml),
        ("VOC.yaml", PackageResources.VOC_yaml),
        ("VisDrone.yaml", PackageResources.VisDrone_yaml),
        ("xView.yaml", PackageResources.xView_yaml),
        ("Argoverse.yaml", PackageResources.Argoverse_yaml),
        ("GlobalWheat2020.yaml", PackageResources.GlobalWheat2020_yaml),
        ("Objects365.yaml", PackageResources.Objects365_yaml),
        ("SKU-110K.yaml", PackageResources.SKU_110K_yaml),
    ]
}
