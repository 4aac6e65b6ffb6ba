import Downloads
import Foundation

/// Why no labels were found: what was tried, and what lies near.
public struct LabelHints: Hashable, Sendable {
    /// The label files of the first images.
    public let tried: [String]
    /// Label files that exist, but hold no object.
    public let filesFound: Int
    /// Files near the first image that may be its labels.
    public let nearest: [String]

    /// - Parameter images: Paths of the images, at least one.
    init(images: [String], filesFound: Int) {
        tried = images.prefix(3).map(ImagePaths.labelPath(forImage:))
        self.filesFound = filesFound
        nearest = filesFound == 0 ? images.first.map(Self.candidates) ?? [] : []
    }

    /// Looks for files called like the image, in the folders around it and those below them that sound like labels.
    private static func candidates(for image: String) -> [String] {
        let file = image.lastPart
        let name = file.prefix(upTo: file.lastIndex(of: ".") ?? file.endIndex)
        var found: [String] = []
        var folder = image.parentFolder.isEmpty ? "." : image.parentFolder
        for _ in 0..<4 {
            for place in [folder] + labelFolders(in: folder) {
                for suffix in ["txt", "xml", "json"] {
                    let path = "\(place)/\(name).\(suffix)"
                    if FileManager.default.fileExists(atPath: path), !found.contains(path) { found.append(path) }
                }
            }
            folder = folder.parentFolder
            guard folder.count > 1 else { break }
        }
        return Array(found.prefix(3))
    }

    /// Folders with a name such as `Labels` or `annotations`, and the folders in them.
    private static func labelFolders(in folder: String) -> [String] {
        func folders(in folder: String) -> [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.sorted().prefix(1000).map { "\(folder)/\($0)" }.filter {
                var isFolder: ObjCBool = false
                return FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && isFolder.boolValue
            }
        }
        let named = folders(in: folder).filter { path in
            let name = path.lastPart.lowercased()
            return ["label", "annotation", "anno", "txt", "xml"].contains { name.hasPrefix($0) }
        }
        return named + named.flatMap(folders)
    }
}

extension LabelHints: CustomStringConvertible {
    public var description: String {
        guard filesFound == 0 else { return "the label files hold no object; the first are \(tried.joined(separator: ", "))" }
        let rule = "a label file has the image's path with /images/ replaced by /labels/ and the suffix .txt"
        var text = "tried \(tried.joined(separator: ", ")): \(rule)"
        guard let first = nearest.first else { return text }
        text += "; near the first image there is \(nearest.joined(separator: ", "))"
        if first.hasSuffix(".xml") || first.hasSuffix(".json") { text += ", which 'yolov5 data convert' may turn into labels" }
        return text
    }
}
