import Foundation
import Synchronization

/// A small HTTP server on 127.0.0.1 that answers as a test wants: badly, as a rule.
///
///     let server = try LoopbackServer { request in [.answer(200, body: Array("hello".utf8))] }
///     defer { server.stop() }
///
/// Each connection carries one request; it is closed after the last step.
public final class LoopbackServer: Sendable {
    public struct Request: Sendable {
        public let path: String
        /// Header fields by their names in lower case.
        public let fields: [String: String]
        /// How many requests came before this one.
        public let index: Int

        /// The same request with one field less.
        public func without(_ field: String) -> Request {
            Request(path: path, fields: fields.filter { $0.key != field }, index: index)
        }

        /// The first byte of `Range: bytes=N-`.
        public var offset: Int? {
            fields["range"].flatMap { $0.hasPrefix("bytes=") && $0.hasSuffix("-") ? Int($0.dropFirst(6).dropLast()) : nil }
        }
    }

    /// What is done with a connection.
    public enum Step: Sendable {
        case send([UInt8])
        /// Sends nothing for a while, or until the other side is gone.
        case stall(milliseconds: Int)
    }

    private struct State {
        var requests: [Request] = []
        var connections = 0
    }

    public let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    public init(_ answer: @escaping @Sendable (Request) -> [Step]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                listener >= 0 && bind(listener, $0, length) == 0 && listen(listener, 16) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        self.listener = listener
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in accept(answer) }
    }

    public func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    public func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    /// Requests so far.
    public var requests: [Request] { state.withLock { $0.requests } }
    /// Connections so far, with a request or without.
    public var connections: Int { state.withLock { $0.connections } }

    /// An address on this machine where nobody listens.
    public static func silentAddress() throws -> String {
        let server = try LoopbackServer { _ in [] }
        server.stop()
        return server.url("/file")
    }

    // MARK: Connections

    private func accept(_ answer: @escaping @Sendable (Request) -> [Step]) {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { break }
            state.withLock { $0.connections += 1 }
            Thread.detachNewThread { [self] in
                if let request = read(connection) { perform(answer(request), connection) }
                close(connection)
            }
        }
        close(listener)
    }

    private func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !String(decoding: bytes, as: UTF8.self).contains("\r\n\r\n") {
            let got = recv(connection, &buffer, buffer.count, 0)
            guard got > 0 else { return nil }
            bytes += buffer[..<got]
        }
        let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
        let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? "/"
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            fields[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return state.withLock { state in
            let request = Request(path: path, fields: fields, index: state.requests.count)
            state.requests.append(request)
            return request
        }
    }

    private func perform(_ steps: [Step], _ connection: Int32) {
        for step in steps {
            switch step {
            case .send(let bytes):
                var rest = bytes[...]
                while !rest.isEmpty {
                    let sent = rest.withUnsafeBytes { send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                    guard sent > 0 else { return }
                    rest = rest.dropFirst(sent)
                }
            case .stall(let milliseconds):
                // 0x2000 is POLLRDHUP, which needs a macro that Swift does not set: the other side has closed.
                var descriptor = pollfd(fd: connection, events: Int16(0x2000), revents: 0)
                poll(&descriptor, 1, Int32(milliseconds))
            }
        }
        shutdown(connection, Int32(SHUT_WR))
    }
}

extension LoopbackServer.Step {
    /// A head, and a body unless it says otherwise; the length is announced unless `fields` do.
    public static func answer(_ status: Int, _ fields: [String] = [], body: [UInt8] = []) -> Self {
        let announces = fields.contains { $0.lowercased().hasPrefix("content-length") || $0.lowercased().hasPrefix("transfer-encoding") }
        let length = announces ? [] : ["Content-Length: \(body.count)"]
        let lines = ["HTTP/1.1 \(status) Whatever"] + fields + length + ["Connection: close", "", ""]
        return .send(Array(lines.joined(separator: "\r\n").utf8) + body)
    }

    public static func redirect(_ location: String, status: Int = 302) -> Self {
        .answer(status, ["Location: \(location)"], body: Array("moved".utf8))
    }
}

/// A file as a good server hands it out: whole, or the rest from where the request asks for it.
public struct ServedFile: Sendable {
    public var bytes: [UInt8]
    public var entityTag: String?
    public var lastModified: String?
    /// The connection is cut after so many bytes of the body.
    public var cutAfter: Int?

    public init(_ bytes: [UInt8], entityTag: String? = "\"v1\"", lastModified: String? = nil, cutAfter: Int? = nil) {
        self.bytes = bytes
        self.entityTag = entityTag
        self.lastModified = lastModified
        self.cutAfter = cutAfter
    }

    public func answer(_ request: LoopbackServer.Request) -> LoopbackServer.Step {
        var fields = ["Accept-Ranges: bytes"]
        if let entityTag { fields.append("ETag: \(entityTag)") }
        if let lastModified { fields.append("Last-Modified: \(lastModified)") }
        let condition = request.fields["if-range"]
        let isSame = condition == nil || condition == entityTag || condition == lastModified
        let start = isSame ? request.offset ?? 0 : 0
        guard start < max(1, bytes.count) else { return .answer(416, ["Content-Range: bytes */\(bytes.count)"]) }
        fields.append("Content-Length: \(bytes.count - start)")
        let body = bytes[start...].prefix(cutAfter ?? .max)
        guard start > 0 else { return .answer(200, fields, body: Array(body)) }
        return .answer(206, fields + ["Content-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)"], body: Array(body))
    }
}
