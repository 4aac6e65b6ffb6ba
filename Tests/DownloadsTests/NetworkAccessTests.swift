import Foundation
import Testing

/// Reads the program's own text: there is one way to the network, and it asks the policy first.
@Suite("Ways to the network")
struct NetworkAccessTests {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Lines of code below `folder`, without comments.
    private func code(below folder: String) throws -> [(file: String, line: String)] {
        let root = Self.package.appendingPathComponent(folder).path
        let names = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
        return try names.filter { name in [".swift", ".c", ".cpp", ".h"].contains(where: name.hasSuffix) }.flatMap { name in
            let text = try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8)
            return text.split(separator: "\n").map(String.init)
                .filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }.map { (name, $0) }
        }
    }

    @Test("only one file of the sources calls the library that makes connections, and nothing else makes any")
    func oneWay() throws {
        let signs = ["FoundationNetworking", "URLSession", "URLRequest", "import CHTTP", "ch_get", "curl_easy", "socket(", "getaddrinfo(", "gethostbyname("]
        var files: [String: Set<String>] = [:]
        for (file, line) in try code(below: "Sources") {
            for sign in signs where line.contains(sign) { files[sign, default: []].insert(file) }
        }
        #expect(files == [
            "import CHTTP": ["Downloads/HTTP/HTTPTransfer.swift"],
            "ch_get": ["Downloads/HTTP/HTTPTransfer.swift", "CHTTP/include/CHTTP.h", "CHTTP/src/get.c"],
            "curl_easy": ["CHTTP/src/get.c"],
        ])
    }

    @Test("that one is used by the downloader alone, which asks the policy before it")
    func asked() throws {
        let users = try code(below: "Sources").filter { $0.line.contains("HTTPTransfer") }.map(\.file)
        #expect(Set(users) == ["Downloads/HTTP/HTTPTransfer.swift", "Downloads/Downloader.swift"])
        let lines = try code(below: "Sources/Downloads").filter { $0.file == "Downloader.swift" }.map(\.line)
        let question = try #require(lines.firstIndex { $0.contains("guard policy == .allowed else { throw .offline") })
        let call = try #require(lines.firstIndex { $0.contains("try receive(") })
        #expect(question < call)
    }
}
