import Foundation

extension CacheLocation {
    /// Where files are kept that have no other place.
    var folder: String {
        if case .folder(let path) = self { return path }
        return CacheFolder.user + "/images"
    }

    /// The cached file of an image.
    func path(ofImage path: String, _ fingerprint: ImageFingerprint) -> String {
        let name = fingerprint.name
        if self == .besideImages { return (path as NSString).deletingLastPathComponent + "/.yolov5-cache/\(name).rgb" }
        // A few hundred folders: some file systems become slow with a hundred thousand files in one.
        return "\(folder)/\(name.prefix(2))/\(name.dropFirst(2)).rgb"
    }
}
