import Foundation
import GoldenFixtures
import Testing

@testable import Imaging

/// A seeded stream of numbers, so that a failing picture can be made again (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension Image {
    /// Every byte drawn at random: the hardest picture for anything that interpolates.
    static func noise(width: Int, height: Int, using generator: inout SeededGenerator) -> Image {
        Image(width: width, height: height, pixels: (0..<width * height * 3).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    /// Red grows to the right, green downwards; blue tells nothing. Smooth, so JPEG keeps it.
    static func gradient(width: Int, height: Int) -> Image {
        var image = Image(width: width, height: height)
        image.withMutableView { view in
            for y in 0..<height {
                for x in 0..<width { view[x, y] = Color(red: UInt8(x * 255 / width), green: UInt8(y * 255 / height), blue: 90) }
            }
        }
        return image
    }

    /// A golden PNG, by its name without the ending.
    static func golden(_ name: String) throws -> Image {
        try ImageFile.decode(Fixtures.golden.appendingPathComponent("augment/\(name)").path)
    }

    /// The share of bytes that differ from `other` by more than `tolerance` levels; 1 when the sizes differ.
    func shareDiffering(from other: Image, byMoreThan tolerance: Int) -> Double {
        guard width == other.width, height == other.height else { return 1 }
        let differing = zip(pixels, other.pixels).count { abs(Int($0) - Int($1)) > tolerance }
        return Double(differing) / Double(pixels.count)
    }
}

extension ImageHeader {
    init?(_ bytes: [UInt8]) {
        guard let header = bytes.withUnsafeBytes({ ImageHeader(FileBytes($0)) }) else { return nil }
        self = header
    }
}
