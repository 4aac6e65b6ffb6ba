import Foundation
import Glibc

/// A process, told from all others that have had or will have its number.
struct ProcessIdentity: Hashable, Sendable {
    let id: Int
    /// In ticks since the machine was started; 0 where the system does not tell.
    let startTime: Int
    /// Stands for the machine, its start and the container: within it a number means one process at a time.
    let scope: UInt64

    static let current = ProcessIdentity(id: Int(getpid()), startTime: startTime(of: Int(getpid())) ?? 0, scope: currentScope)

    /// Whether the process is gone for certain. Of one in another container nothing is certain.
    var hasEnded: Bool {
        guard scope == Self.current.scope else { return false }
        guard let id = pid_t(exactly: id), id > 0 else { return true }
        if kill(id, 0) != 0, errno == ESRCH { return true }
        guard startTime != 0, let found = Self.startTime(of: self.id) else { return false }
        return found != startTime
    }

    /// - Source: proc(5), /proc/pid/stat, field 22.
    private static func startTime(of id: Int) -> Int? {
        guard let text = FileManager.default.contents(atPath: "/proc/\(id)/stat").map({ String(decoding: $0, as: UTF8.self) }),
            // The second field is a name in brackets, which may hold anything.
            let bracket = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: bracket)...].split(separator: " ")
        return fields.count > 19 ? Int(fields[19]) : nil
    }

    private static var currentScope: UInt64 {
        var namespace = stat()
        _ = stat("/proc/self/ns/pid", &namespace)
        // 32 hexadecimal digits with dashes, drawn at random at each start.
        let start = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id") ?? Data()
        let digits = String(decoding: start, as: UTF8.self).filter(\.isHexDigit).prefix(16)
        return (UInt64(digits, radix: 16) ?? 0) ^ UInt64(namespace.st_ino)
    }
}
