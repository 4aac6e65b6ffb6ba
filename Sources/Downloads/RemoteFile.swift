import Foundation

/// A file to fetch, and what is known of it beforehand.
package struct RemoteFile: Sendable, Hashable {
    /// `http://…` or `https://…`.
    package var url: String
    /// Bytes, where they are known.
    package var size: Int?
    /// SHA-256 in hexadecimal, where it is known.
    package var sha256: String?
    /// Bytes that it may have at most.
    package var sizeLimit: Int
    /// What it must look like to be taken for what it should be; nil for anything.
    package var form: Form?

    package init(url: String, size: Int? = nil, sha256: String? = nil, sizeLimit: Int = 200 << 30, form: Form? = nil) {
        self.url = url
        self.size = size
        self.sha256 = sha256
        self.sizeLimit = sizeLimit
        self.form = form
    }

    /// How files of a kind begin. It tells a web page that says "sign in first" from the file that it stands for.
    package struct Form: Sendable, Hashable {
        /// "a zip archive"
        let name: String
        let beginnings: [[UInt8]]

        package init(name: String, beginnings: [[UInt8]]) {
            self.name = name
            self.beginnings = beginnings
        }

        /// The second beginning is that of an archive of nothing.
        package static let zip = Form(name: "a zip archive", beginnings: [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]])
    }

    /// Whether text is meant as an address rather than a path.
    package static func isAddress(_ text: String) -> Bool {
        ["http://", "https://"].contains { text.lowercased().hasPrefix($0) }
    }

    /// The last part of an address' path: `coco128.zip` of `https://host/assets/coco128.zip?download=1`. Nil where it has none
    /// that could be the name of a file.
    package static func baseName(of url: String) -> String? {
        let path = url.prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        // scheme, nothing, host, …
        guard parts.count > 3, let last = parts.last, let name = String(last).removingPercentEncoding else { return nil }
        let isName = !name.isEmpty && name != "." && name != ".." && name.utf8.count <= 200
            && !name.unicodeScalars.contains { $0 == "/" || $0.value < 0x20 || $0.value == 0x7F }
        return isName ? name : nil
    }
}
