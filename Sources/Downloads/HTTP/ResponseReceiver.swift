/// Takes in the answer to one request for a file, and puts its body where it belongs in the partial file.
///
/// An answer to a request for the rest of a file may be the rest, or the whole file anew (the server knows no ranges, or the
/// file has changed); an error or a redirect has a body too, which is not wanted.
final class ResponseReceiver {
    private(set) var head = ResponseHead()
    /// What stopped the exchange from this side.
    private(set) var failure: DownloadError?
    /// Whether the rest is of another file than the part that is here: both are useless together.
    private(set) var mustStartOver = false

    private let file: RemoteFile
    private let part: PartialFile
    private let progress: (DownloadProgress) -> Void
    private var hasBegun = false

    init(_ file: RemoteFile, _ part: PartialFile, progress: @escaping (DownloadProgress) -> Void) {
        self.file = file
        self.part = part
        self.progress = progress
    }

    var isFile: Bool { head.status == 200 || head.status == 206 }

    /// - Returns: whether to go on; so for the rest.
    func take(headerLine line: String) -> Bool {
        head.read(line)
        return true
    }

    func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        // The body of a redirect or of an error: not wanted, and not worth waiting for.
        guard isFile else { return false }
        do throws(DownloadError) {
            guard try begin() else { return false }
            guard part.count + bytes.count <= file.sizeLimit else {
                throw .tooLarge(url: file.url, limit: file.sizeLimit, found: part.count + bytes.count)
            }
            if let total = part.origin.length, part.count + bytes.count > total {
                throw .excess(url: file.url, announced: total)
            }
            try part.append(bytes)
            progress(DownloadProgress(received: part.count, total: part.origin.length ?? file.size))
            return true
        } catch {
            failure = error
            return false
        }
    }

    /// Looks at the head before the first byte of the body, and once more at the end, for bodies without a byte.
    /// - Returns: false if the answer does not fit what is here.
    func begin() throws(DownloadError) -> Bool {
        if hasBegun { return true }
        hasBegun = true
        let isRest = head.status == 206
        let total = isRest ? head.contentRange.total : head.contentLength
        if let total {
            if let size = file.size, size != total { throw .wrongSize(url: file.url, expected: size, found: total) }
            guard total <= file.sizeLimit else { throw .tooLarge(url: file.url, limit: file.sizeLimit, found: total) }
        }
        if isRest {
            let origin = part.origin
            let fits = head.contentRange.start == part.count && origin.version.agrees(with: head.version)
                && (origin.length == nil || total == nil || origin.length == total)
            mustStartOver = !fits
            return fits
        }
        try part.startOver(PartialFile.Origin(url: DownloadError.shown(file.url), version: head.version, length: total))
        return true
    }
}

/// How much of a file is here.
package struct DownloadProgress: Sendable, Hashable {
    /// Bytes, those of earlier attempts included.
    package let received: Int
    /// Bytes of the whole file, where the server says so.
    package let total: Int?

    package init(received: Int, total: Int?) {
        self.received = received
        self.total = total
    }
}
