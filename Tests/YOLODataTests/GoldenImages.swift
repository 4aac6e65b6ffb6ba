import Foundation
import GoldenFixtures
import Imaging

/// The pictures of `golden/augment`.
enum GoldenImages {
    static func path(_ name: String) -> String { Fixtures.golden.appendingPathComponent("augment/\(name)").path }

    static func load(_ name: String) throws -> Image { try ImageFile.decode(path(name)) }

    /// Whether an image is the stored one: no pixel of it further off than `tolerance` grey levels, but for `outliers` of them.
    static func matches(_ image: Image, _ name: String, tolerance: Int = 2, outliers: Double = 0) throws -> Bool {
        let golden = try load(name)
        guard (image.width, image.height) == (golden.width, golden.height) else { return false }
        let wrong = zip(image.pixels, golden.pixels).count { abs(Int($0) - Int($1)) > tolerance }
        return Double(wrong) <= outliers * Double(golden.pixels.count)
    }
}
