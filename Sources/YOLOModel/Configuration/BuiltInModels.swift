import Foundation

/// The model files that are part of the program, under the reference's names.
enum BuiltInModels {
    static let names = files.map(\.name)

    /// The text of a built-in file, by its bare name.
    static func text(of name: String) -> String? {
        files.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    private static let files: [(name: String, bytes: [UInt8])] = [
        ("yolov5n.yaml", PackageResources.yolov5n_yaml),
        ("yolov5s.yaml", PackageResources.yolov5s_yaml),
        ("yolov5m.yaml", PackageResources.yolov5m_yaml),
        ("yolov5l.yaml", PackageResources.yolov5l_yaml),
        ("yolov5x.yaml", PackageResources.yolov5x_yaml),
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
        let text: String
        if FileManager.default.fileExists(atPath: name) {
            text = try Self.contents(of: name)
        } else if let builtIn = Self.builtInText(name) {
            text = builtIn
        } else {
            throw .unknownModel(name: name, builtIn: BuiltInModels.names)
        }
        do {
            try self.init(yaml: text, source: name)
        } catch {
            throw .configuration(error)
        }
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
