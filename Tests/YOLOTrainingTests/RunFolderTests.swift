import Foundation
import GoldenFixtures
import Testing

@testable import YOLOTraining

@Suite("Run folder")
struct RunFolderTests {
    @Test("names count on: exp, exp2, exp3")
    func counting() throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let project = root.appendingPathComponent("runs/train").path
        let names = try (0..<3).map { _ in
            try RunFolder(project: project, name: "exp", reusesExisting: false).url.lastPathComponent
        }
        #expect(names == ["exp", "exp2", "exp3"])
        #expect(try RunFolder(project: project, name: "exp", reusesExisting: true).url.lastPathComponent == "exp")
    }

    @Test("runs that start at the same moment get folders of their own")
    func simultaneous() async throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let project = root.path
        let names = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<16 {
                group.addTask { try RunFolder(project: project, name: "exp", reusesExisting: false).url.lastPathComponent }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(names.count == 16)
    }

    @Test("a folder that cannot be made is an error with its path")
    func impossible() throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        let file = root.appendingPathComponent("file")
        try Data().write(to: file)
        let error = #expect(throws: TrainingError.self) {
            try RunFolder(project: file.path, name: "exp", reusesExisting: false)
        }
        #expect(error?.description.contains(file.path) == true)
    }
}
