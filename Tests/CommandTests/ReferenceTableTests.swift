import Foundation
import GoldenFixtures
import Testing

/// `docs/train-py.md` against what the command and the sources say.
@Suite("Table of the reference", .enabled(if: Command.isBuilt, Command.reasonToSkip))
struct ReferenceTableTests {
    private static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Rows of the document's tables, cell by cell, by the heading that they stand under.
    private func rows() throws -> [(heading: String, cells: [String])] {
        var heading = ""
        var rows: [(String, [String])] = []
        let text = try String(contentsOf: Self.package.appendingPathComponent("docs/train-py.md"), encoding: .utf8)
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") { heading = String(line) }
            guard line.hasPrefix("| "), !line.hasPrefix("| flag"), !line.hasPrefix("| step") else { continue }
            rows.append((heading, line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }))
        }
        return rows
    }

    /// What stands between backquotes.
    private func code(_ cell: String) -> [String] {
        cell.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private func documented() throws -> Set<String> {
        Set(try rows().filter { $0.heading == "## Flags" }.flatMap { code($0.cells[0]) })
    }

    private func known() throws -> Set<String> {
        struct Help: Decodable {
            struct Name: Decodable { let kind, name: String }
            struct Argument: Decodable { let names: [Name]? }
            struct Command: Decodable { let arguments: [Argument] }
            let command: Command
        }
        let outcome = try Command(folder: FileManager.default.temporaryDirectory)("train", "--experimental-dump-help")
        let help = try JSONDecoder().decode(Help.self, from: Data(outcome.output.utf8))
        let names = help.command.arguments.flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map { "--" + $0.name }
        return Set(names).subtracting(["--help", "--version", "--local-rank"])
    }

    @Test("every flag of the command is in the table, and every flag of the table in the command")
    func flags() throws {
        #expect(try documented() == known())
    }

    @Test("every flag of the reference is in the table", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
    func reference() throws {
        let file = Fixtures.golden.deletingLastPathComponent().appendingPathComponent("reference/train-py-explained.zh.txt")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        let flags = text.matches(of: /add_argument\((.+?), (?:type|action|nargs|default|choices)/).flatMap { match in
            match.1.matches(of: /--[A-Za-z_-]+/).map { String($0.0) }
        }
        #expect(flags.count >= 38)
        #expect(try Set(flags).subtracting(documented()) == [])
    }

    @Test("every type that a table names is in the sources")
    func types() throws {
        var declared: Set<Substring> = []
        for case let file as URL in try #require(FileManager.default.enumerator(at: Self.package.appendingPathComponent("Sources"), includingPropertiesForKeys: nil))
        where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            declared.formUnion(text.matches(of: /(?:struct|class|enum|protocol) ([A-Z]\w+)/).map(\.1))
        }
        for (heading, cells) in try rows() {
            let place = heading == "## Flags" ? cells[2] : cells[1]
            for name in code(place) {
                let type = name.prefix { $0 != "." && $0 != "(" }
                #expect(declared.contains(type), "\(name), of \(cells[0])")
            }
        }
    }
}
