import Foundation
import GoldenFixtures
import PyTorchFile
import Testing
@testable import YOLOModel

/// Values that no training writes, in files that are otherwise sound: shown, converted or refused, and never a crash.
@Suite("Checkpoints with absurd values")
struct HostileCheckpointTests {
    private static let weight = PickleValue.tensor(TensorValue(.float32, shape: [1], storage: TensorStorage([0, 0, 0, 0])))

    /// A value in which a few words stand for more than any memory holds.
    private static func endless(_ leaf: PickleValue) -> PickleValue {
        (0..<100).reduce(leaf) { value, _ in .list([value, value]) }
    }

    @Test("Whatever stands under a key, the report of the file ends", arguments: 0..<11)
    func report(_ number: Int) throws {
        let long = PickleValue.string(String(repeating: "x", count: 1 << 20))
        let nonsense: PickleValue = ["state": ["x": 1], "param_groups": [["params": [.int(.max), "y"]]]]
        let values: [(String, PickleValue)] = [
            ("epoch", .int(.max)), ("best_fitness", .double(.nan)), ("updates", .int(.min)), ("stride", [.double(.infinity), .double(1e300)]),
            ("opt", ["a": Self.endless(long)]), ("mystery", Self.endless([])), ("names", .list(Array(repeating: long, count: 5000))),
            ("date", "\u{1B}]0;owned\u{7}"), ("optimizer", nonsense),
            ("yolov5_swift", Self.endless("y")), ("hyp", Self.endless("z")),
        ]
        let (key, value) = values[number]
        let entries: [(String, PickleValue)] = [("model", ["w": Self.weight]), (key, value)]
        let root = PickleValue.dictionary(PickleDictionary(entries))
        let report = CheckpointReport(try Checkpoint(root, path: "hostile.pt")).description
        #expect(report.utf8.count < 200_000)
        #expect(!report.contains("\u{1B}"))
        #expect(report.contains("w  float32"))
    }

    @Test("A description that stands for endless values or text is refused")
    func configuration() {
        for yaml in [Self.endless("x"), .list(Array(repeating: .string(String(repeating: "x", count: 1 << 20)), count: 10_000))] {
            #expect(throws: ModelError.self) {
                _ = try Checkpoint(["model": ["w": Self.weight], "yaml": ["nc": 1, "backbone": yaml]], path: "hostile.pt")
            }
        }
    }

    @Test("A block of memory seen as two types is converted once for each")
    func twoTypes() throws {
        let block = TensorStorage([UInt8](repeating: 0, count: 16))
        let state: PickleValue = [
            "narrow": .tensor(TensorValue(.float32, shape: [4], storage: block)),
            "wide": .tensor(TensorValue(.float64, shape: [2], storage: block)),
        ]
        let half = try Checkpoint(["model": state], path: "two.pt").converted(to: .float16).weights()
        #expect(half["narrow"]?.doubles == [0, 0, 0, 0] && half["wide"]?.doubles == [0, 0])
    }
}
