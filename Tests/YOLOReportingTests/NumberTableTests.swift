import Foundation
import GoldenFixtures
import Testing
@testable import YOLOReporting

@Suite("Tables of numbers")
struct NumberTableTests {
    @Test("Padded columns, as in results.csv")
    func padded() {
        let table = NumberTable(
            csv: "               epoch,      train/box_loss\n                   0,             0.11878\n   1, nan\n 2\n")
        #expect(table.columns == ["epoch", "train/box_loss"])
        #expect(table["epoch"] == [0, 1, 2])
        #expect(table["train/box_loss"][0] == 0.11878)
        #expect(table["train/box_loss"][1].isNaN && table["train/box_loss"][2].isNaN)
        #expect(table["none"].allSatisfy(\.isNaN) && table["none"].count == 3)
    }

    @Test("Carriage returns, words, and nothing at all")
    func odd() {
        #expect(NumberTable(csv: "a,b\r\n1,x\r\n")["a"] == [1])
        #expect(NumberTable(csv: "").rows.isEmpty)
    }

    @Test("A file of the Python package 6.2.3, with a column for each class", .enabled(if: Fixtures.areAvailable))
    func python() throws {
        let table = try NumberTable(contentsOf: Fixtures.golden.appendingPathComponent("checkpoint/results.csv"))
        #expect(table["epoch"] == [0])
        #expect(table["x/lr0"] == [0.1])
        #expect(table.columns.last == "metrics/c_mAP_50")
    }
}
