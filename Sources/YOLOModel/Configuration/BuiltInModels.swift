import Foundation

/// The model files that are part of the program, under the reference's names.
enum BuiltInModels {
    static let names = files.map(\.name)

    /// The text of a built-in file, by its bare name.
    static func text(of name: String) -> String? {
        (files + [anchorLists]).first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// Anchors to copy from; no model.
    private static let anchorLists = (name: "anchors.yaml", bytes: PackageResources.anchors_yaml)

    private static let files: [(name: String, bytes: [UInt8])] = [
        ("yolov5n.yaml", PackageResources.yolov5n_yaml),
        ("yolov5s.yaml", PackageResources.yolov5s_yaml),
        ("yolov5m.yaml", PackageResources.yolov5m_yaml),
        ("yolov5l.yaml", PackageResources.yolov5l_yaml),
        ("yolov5x.yaml", PackageResources.yolov5x_yaml),
        ("yolov5n6.yaml", PackageResources.yolov5n6_yaml),
        ("yolov5s6.yaml", PackageResources.yolov5s6_yaml),
        ("yolov5m6.yaml", PackageResources.yolov5m6_yaml),
        ("yolov5l6.yaml", PackageResources.yolov5l6_yaml),
        ("yolov5x6.yaml", PackageResources.yolov5x6_yaml),
        ("yolov3.yaml", PackageResources.yolov3_yaml),
        ("yolov3-spp.yaml", PackageResources.yolov3_spp_yaml),
        ("yolov3-tiny.yaml", PackageResources.yolov3_tiny_yaml),
        ("yolov5-p2.yaml", PackageResources.yolov5_p2_yaml),
        ("yolov5-p34.yaml", PackageResources.yolov5_p34_yaml),
        ("yolov5-p6.yaml", PackageResources.yolov5_p6_yaml),
        ("yolov5-p7.yaml", PackageResources.yolov5_p7_yaml),
        ("yolov5-fpn.yaml", PackageResources.yolov5_fpn_yaml),
        ("yolov5-panet.yaml", PackageResources.yolov5_panet_yaml),
        ("yolov5-bifpn.yaml", PackageResources.yolov5_bifpn_yaml),
        ("yolov5s-ghost.yaml", PackageResources.yolov5s_ghost_yaml),
        ("yolov5s-transformer.yaml", PackageResources.yolov5s_transformer_yaml),
        ("yolov5s-LeakyReLU.yaml", PackageResources.yolov5s_LeakyReLU_yaml),
    ]
}

extension ModelConfiguration {
    private static let largestFile = 1 << 20

    /// Reads a model YAML: a file of that path, else the built-in one of that name.
    ///
    /// `yolov5s.yaml` and `models/yolov5s.yaml` are found from any working folder; a user's own file of that path wins.
    /// - Parameter name: a path, or the name of a built-in file (``builtInNames``).
    /// - Throws: ``ModelError/unknownModel(name:builtIn:)``, or what is wrong with the file.
    public init(named name: String) throws(ModelError) {
        let text = try Self.text(named: name)
        do {
            try self.init(yaml: text, source: name)
        } catch {
            throw .configuration(error)
        }
    }

    /// The text of a model YAML, found in the same way; also of `anchors.yaml`, which lists anchors to copy from.
    public static func text(named name: String) throws(ModelError) -> String {
        if FileManager.default.fileExists(atPath: name) { return try contents(of: name) }
        guard let builtIn = builtInText(name) else {
            throw .unknownModel(name: name, builtIn: BuiltInModels.names)
        }
        return builtIn
    }

    /// Names of the files that are part of the program.
    public static var builtInNames: [String] { BuiltInModels.names }

    /// The reference keeps its files in `models` and `models/hub`.
    private static func builtInText(_ name: String) -> String? {
        let folders = ["models/hub/", "models/"]
        let bare = folders.first(where: name.hasPrefix).map { String(name.dropFirst($0.count)) } ?? name
        return BuiltInModels.text(of: bare)
    }

    private static func contents(of path: String) throws(ModelError) -> String {
        let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let type = try? FileManager.default.attributesOfItem(atPath: file)[.type]
        guard type as? FileAttributeType == .typeRegular else {
            throw .file(path: path, reason: "is no file to read; expected a model YAML")
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .file(path: path, reason: "cannot be read: \(error.localizedDescription)")
        }
        guard data.count <= largestFile else {
            throw .file(path: path, reason: "\(data.count) bytes is too large for a model YAML")
        }
        guard let text = String(data: data, encoding: .utf8) else {
            throw .file(path: path, reason: "is not UTF-8 text; expected a model YAML")
        }
        return text
    }
}
