public import Foundation

/// Where the tests find the reference's numbers, the sample images and the official weights.
///
/// `$YOLOV5_FIXTURES` names the folder (default: `../shared` beside the package); it holds `golden`, `data` and `weights`.
/// Suites that need it say `.enabled(if: Fixtures.areAvailable, Fixtures.reasonToSkip)`.
public enum Fixtures {
    public static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["YOLOV5_FIXTURES"], !path.isEmpty {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        let package = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return package.deletingLastPathComponent().appendingPathComponent("shared", isDirectory: true)
    }()

    public static let golden = root.appendingPathComponent("golden", isDirectory: true)
    public static let data = root.appendingPathComponent("data", isDirectory: true)
    public static let weights = root.appendingPathComponent("weights", isDirectory: true)

    public static let areAvailable = FileManager.default.fileExists(atPath: golden.path)
    public static let reasonToSkip = "needs the reference's numbers; set YOLOV5_FIXTURES to the folder that holds golden/, data/ and weights/"

    /// A golden JSON document, for example `json("loss")` or `json("augment/mosaic")`.
    public static func json(_ name: String) throws -> JSON {
        let data = try Data(contentsOf: golden.appendingPathComponent(name + ".json"))
        return JSON(try JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed]))
    }

    /// The tensors of a golden `.safetensors` file, by name.
    public static func tensors(_ name: String) throws -> [String: GoldenTensor] {
        try SafeTensors.read(golden.appendingPathComponent(name + ".safetensors"))
    }

    /// A folder of its own for a test, which the test removes.
    public static func temporaryFolder(_ name: String = #function) throws -> URL {
        let safe = name.filter { $0.isLetter || $0.isNumber }
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("yolov5-\(safe)-\(UUID().uuidString.prefix(8))", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url
    }
}
