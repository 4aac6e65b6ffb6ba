import GoldenFixtures
import Testing

@testable import YOLOTraining

@Suite("Image size", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct ImageSizeTests {
    @Test("sides are rounded up to the stride as in the reference")
    func rounding() throws {
        let rows = try Fixtures.json("boxes")["check_img_size"].array
        try #require(!rows.isEmpty)
        for row in rows {
            let found = ImageSize.rounded(row[0].int, toMultipleOf: row[1].int, atLeast: row[2].int)
            #expect(found == row[3].int, "\(row[0].int)")
        }
    }
}
