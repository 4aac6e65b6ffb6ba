import Foundation
import GoldenFixtures
import Imaging
@testable import YOLOData

/// A folder of its own for a conversion, gone when the test ends.
struct ConversionFolder {
    let root: URL
    var path: String { root.path }

    static func open(_ body: (ConversionFolder) throws -> Void) throws {
        let root = try Fixtures.temporaryFolder("conversion").resolvingSymlinksInPath()
        defer { try? FileManager.default.removeItem(at: root) }
        try body(ConversionFolder(root: root))
    }

    func callAsFunction(_ name: String) -> String { root.appendingPathComponent(name).path }

    func write(_ text: String, _ name: String) throws {
        let file = root.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// Grey PNGs; a PNG by any other name is one as well.
    func drawImages(_ names: String..., width: Int = 100, height: Int = 50) throws {
        for name in names {
            let file = root.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            let bytes = try ImageFile.encode(Image(width: width, height: height, filledWith: Color(gray: 128)), asPNG: true)
            try Data(bytes).write(to: file)
        }
    }

    func text(_ name: String) -> String? { FileManager.default.contents(atPath: self(name)).map { String(decoding: $0, as: UTF8.self) } }

    func exists(_ name: String) -> Bool { FileStatus(self(name), followingLinks: false) != nil }

    /// All files and links below, with what they hold.
    func contents() -> [String: String] {
        var result: [String: String] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: path) ?? .init() {
            switch FileStatus(self(name), followingLinks: false)?.kind {
            case .link: result[name] = "-> " + ((try? FileManager.default.destinationOfSymbolicLink(atPath: self(name))) ?? "")
            case .file: result[name] = FileManager.default.contents(atPath: self(name))?.base64EncodedString()
            default: continue
            }
        }
        return result
    }

    @discardableResult
    func convert(
        _ format: AnnotationFormat, _ sources: String..., to: String = "out", _ change: (inout ConversionOptions) -> Void = { _ in }
    ) throws -> ConversionReport {
        var options = ConversionOptions()
        change(&options)
        return try format.convert(sources.map { self($0) }, to: self(to), options: options)
    }
}

/// A COCO file with images a.jpg and b.jpg of 100 by 50 pixels and the categories dog (1), cat (3) and bird (90).
func coco(
    images: String = """
        {"id": 1, "file_name": "a.jpg", "width": 100, "height": 50}, {"id": 2, "file_name": "b.jpg", "width": 100, "height": 50}
        """,
    categories: String = """
        {"id": 90, "name": "bird"}, {"id": 1, "name": "dog"}, {"id": 3, "name": "cat"}
        """,
    _ annotations: String...
) -> String {
    """
    {"info": {"year": 2017}, "images": [\(images)], "annotations": [\(annotations.joined(separator: ",\n"))],
     "categories": [\(categories)]}
    """
}

/// An annotation of image 1 and category 3.
func annotation(_ id: Int, image: String = "1", category: String = "3", box: String = "[10, 10, 20, 30]", _ more: String = "") -> String {
    """
    {"id": \(id), "image_id": \(image), "category_id": \(category), "bbox": \(box), "area": 600\(more.isEmpty ? "" : ", " + more)}
    """
}
