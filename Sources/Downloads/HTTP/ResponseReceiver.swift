/// Takes in the answer to one request for a file, and puts its body where it belongs in the partial file.
///
/// An answer to a request for the rest of a file may be the rest, or the whole file anew (the server knows no ranges, or the
/// file has changed); an error or a redirect has a body too, which is not wanted.
final class ResponseReceiver {
    private(set) var head = ResponseHead()
    /// What stopped the exchange from this side.
    private(set) var failure: DownloadError?
    /// First byte that was asked for.
    let offset: Int

    /// Why an answer and the part that is here are useless together, in words for a message.
    enum Misfit: String {
        case otherVersion = "the file changed while it was fetched"
        case unasked = "the server sent a part that was not asked for"
        case endless = "the server sent a part of a file without saying how long that is"
    }

    private let file: RemoteFile
    private let part: PartialFile
    private let progress: (DownloadProgress) -> Void
    /// What `begin` found.
    private var beginning: (hasBegun: Bool, misfit: Misfit?) = (false, nil)

    init(_ file: RemoteFile, _ part: PartialFile, offset: Int, progress: @escaping (DownloadProgress) -> Void) {
        self.file = file
        self.part = part
        self.offset = offset
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
            guard try begin() == nil else { return false }
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
    /// - Returns: why the answer does not fit what is here; nil if it does.
    func begin() throws(DownloadError) -> Misfit? {
        if beginning.hasBegun { return beginning.misfit }
        beginning = (true, nil)
        let isRest = head.status == 206
        let total = isRest ? head.contentRange.total : head.contentLength
        if let total {
            if let size = file.size, size != total { throw .wrongSize(url: file.url, expected: size, found: total) }
            guard total <= file.sizeLimit else { throw .tooLarge(url: file.url, limit: file.sizeLimit, found: total) }
        }
        guard isRest else {
            try part.startOver(PartialFile.Origin(url: file.url, version: head.version, length: total))
            return nil
        }
        beginning.misfit = misfit(total)
        // The start may have come without a length; only with one can the end be told.
        if beginning.misfit == nil, let total { try part.learn(length: total) }
        return beginning.misfit
    }

    /// What keeps a partial answer from being the rest of what is here.
    private func misfit(_ total: Int?) -> Misfit? {
        let origin = part.origin
        // Servers may send less than was asked for, but nothing else.
        guard offset > 0, head.contentRange.start == part.count else { return .unasked }
        guard origin.version.agrees(with: head.version) else { return .otherVersion }
        guard let length = origin.length ?? total else { return .endless }
        return length > part.count && (total ?? length) == length ? nil : .otherVersion
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
