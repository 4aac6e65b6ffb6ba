/// The head of an HTTP answer: its status and the fields that matter here.
struct ResponseHead: Sendable, Hashable {
    private(set) var status = 0
    private var fields: [String: String] = [:]

    /// Takes one line. A line that starts another answer (after `100 Continue`, for example) forgets the one before.
    mutating func read(_ line: String) {
        if line.hasPrefix("HTTP/") {
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            fields = [:]
        } else if let colon = line.firstIndex(of: ":"), fields.count < 1000 {
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimming(while: \.isWhitespace)
        }
    }

    /// Bytes of the body, as announced.
    var contentLength: Int? {
        guard let length = fields["content-length"].flatMap({ Int($0) }), length >= 0 else { return nil }
        return length
    }

    /// Where the body of a partial answer begins, and how long the whole file is: `bytes 100-199/200`, `bytes */200`.
    var contentRange: (start: Int?, total: Int?) {
        guard let text = fields["content-range"], text.lowercased().hasPrefix("bytes ") else { return (nil, nil) }
        let parts = text.dropFirst(6).split(separator: "/", maxSplits: 1)
        return (
            parts.first?.split(separator: "-").first.flatMap { Int($0) },
            parts.count == 2 ? Int(parts[1]).flatMap { $0 >= 0 ? $0 : nil } : nil
        )
    }

    /// Where a redirect leads, as the server says it: an address, or one relative to that of the request.
    var location: String? { fields["location"] }

    /// What tells this version of the file from others.
    var version: FileVersion {
        FileVersion(entityTag: fields["etag"], lastModified: fields["last-modified"])
    }
}

/// What a server says to tell versions of one file apart.
struct FileVersion: Sendable, Hashable, Codable {
    var entityTag: String?
    var lastModified: String?

    /// The value of If-Range with which a partial file may be completed; nil where nothing is strong enough.
    ///
    /// Source: RFC 9110, section 13.1.5: a weak entity tag must not be used.
    var validator: String? {
        let candidates = [entityTag.flatMap { $0.hasPrefix("\"") ? $0 : nil }, lastModified]
        return candidates.lazy.compactMap(\.self).first { !$0.isEmpty && $0.utf8.count <= 512 }
    }

    /// Whether nothing that both name differs.
    func agrees(with other: FileVersion) -> Bool {
        func same(_ a: String?, _ b: String?) -> Bool { a == nil || b == nil || a == b }
        return same(entityTag, other.entityTag) && same(lastModified, other.lastModified)
    }
}

extension Substring {
    fileprivate func trimming(while matches: (Character) -> Bool) -> String {
        guard let first = firstIndex(where: { !matches($0) }), let last = lastIndex(where: { !matches($0) }) else { return "" }
        return String(self[first...last])
    }
}
