import CHTTP
import Foundation

/// One HTTP GET. The only place of the program that opens a connection.
///
/// By libcurl and not by Foundation's URLSession, which is libcurl as well but takes in what comes as fast as it comes: with a
/// disk slower than the network, a large file ends up in memory. Here the next bytes are read when the last ones are written.
struct HTTPTransfer {
    /// First byte that is wanted.
    var offset = 0
    /// Sent as If-Range.
    var validator: String?
    var connectTimeout: Duration
    var stallTimeout: Duration

    enum End: Sendable, Hashable {
        /// The whole body came.
        case complete
        /// The receiver had enough.
        case stopped
        case unreachable(String)
        case cut(String)
        case untrusted(String)
        /// More came than was announced.
        case excess
        case failed(String)
    }

    /// Asks for `url`, hands everything to `receiver`, and follows no redirect.
    func get(_ url: String, _ receiver: ResponseReceiver) -> End {
        let callbacks = CHReceiver(
            context: Unmanaged.passUnretained(receiver).toOpaque(),
            on_header: { context, bytes, count in
                let line = String(decoding: UnsafeRawBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
                return Self.receiver(context).take(headerLine: line) ? 0 : 1
            },
            on_body: { context, bytes, count in
                Self.receiver(context).take(body: UnsafeRawBufferPointer(start: bytes, count: Int(count))) ? 0 : 1
            })
        return withExtendedLifetime(receiver) { perform(url, callbacks) }
    }

    private static func receiver(_ context: UnsafeMutableRawPointer) -> ResponseReceiver {
        Unmanaged<ResponseReceiver>.fromOpaque(context).takeUnretainedValue()
    }

    private func perform(_ url: String, _ callbacks: CHReceiver) -> End {
        var report = CHReport()
        url.withCString { url in
            withOptionalCString(validator) { validator in
                let request = CHRequest(
                    url: url, offset: Int64(offset), validator: validator, connect_timeout_ms: connectTimeout.milliseconds,
                    stall_timeout_s: max(1, stallTimeout.components.seconds),
                    skips_proxy: Self.isOwnAddress(String(cString: url)) ? 1 : 0)
                ch_get(&report, request, callbacks)
            }
        }
        let message = text(report.message)
        return switch report.outcome {
        case .COMPLETE: .complete
        case .STOPPED: .stopped
        case .UNREACHABLE: .unreachable(message)
        case .CUT: .cut(message)
        case .UNTRUSTED: .untrusted(message)
        case .EXCESS: .excess
        case .FAILED: .failed(message)
        }
    }

    /// No proxy reaches the addresses that mean this machine.
    private static func isOwnAddress(_ url: String) -> Bool {
        guard let host = URLComponents(string: url)?.host else { return false }
        return host == "localhost" || host.hasPrefix("127.") || host == "::1" || host == "[::1]"
    }

    private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
        guard let text else { return body(nil) }
        return text.withCString(body)
    }

    /// The text of a C array that ends with 0.
    private func text<Characters>(_ array: Characters) -> String {
        withUnsafeBytes(of: array) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension Duration {
    var milliseconds: Int64 { components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000 }
}
