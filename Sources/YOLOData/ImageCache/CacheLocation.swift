import Downloads

extension CacheLocation {
    /// Where files are kept that have no other place.
    var folder: String {
        if case .folder(let path) = self { return path }
        return CacheFolder.user + "/images"
    }

    /// The folder in which, or in a folder of which, the cached file of an image lies.
    func folder(ofImage path: String) -> String {
        guard self == .besideImages else { return folder }
        return path.parentFolder.isEmpty ? "." : path.parentFolder
    }

    /// The cached file of an image.
    func path(ofImage path: String, _ fingerprint: ImageFingerprint) -> String {
        let name = fingerprint.name
        if self == .besideImages { return folder(ofImage: path) + "/.yolov5-cache/\(name).rgb" }
        // A few hundred folders: some file systems become slow with a hundred thousand files in one.
        return "\(folder)/\(name.prefix(2))/\(name.dropFirst(2)).rgb"
    }
}
