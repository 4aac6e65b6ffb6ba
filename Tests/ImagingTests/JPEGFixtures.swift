import Foundation
import GoldenFixtures

@testable import Imaging

/// JPEGs of one picture of 101 by 75 pixels, in every layout that matters to a decoder of parts. Written with libjpeg-turbo 2.1.5:
/// a blurred noise at quality 80, sampled as the name says, `restart` with a marker every three units.
enum JPEGFixtures {
    static let names = [
        "410", "411", "420", "422", "440", "444", "gray", "progressive-420", "progressive-444", "restart-420",
        "separate-scans-420",
    ]

    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appendingPathComponent("jpeg/\(name).jpg")))
    }

    /// With an EXIF block behind the start marker.
    static func turned(_ bytes: [UInt8], _ orientation: Int) -> [UInt8] {
        let exif = Array("Exif\0\0".utf8) + exifBlock(orientation: orientation, byteOrder: "MM")
        return bytes.prefix(2) + jpegSegment(0xE1, exif) + bytes.dropFirst(2)
    }
}

func bigEndian(_ value: Int, bytes: Int) -> [UInt8] {
    (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * (bytes - 1 - $0))) }
}

/// A TIFF directory with the orientation as its only entry.
func exifBlock(orientation: Int, byteOrder: String) -> [UInt8] {
    tiff(byteOrder: byteOrder, entries: [(0x0112, orientation)])
}

/// A TIFF with one directory of 16-bit numbers, followed by `pixels`, whose offset stands under the tag 0x0111.
func tiff(byteOrder: String, entries: [(tag: Int, value: Int)], pixels: [UInt8] = []) -> [UInt8] {
    func number(_ value: Int, bytes: Int) -> [UInt8] {
        byteOrder == "II" ? bigEndian(value, bytes: bytes).reversed() : bigEndian(value, bytes: bytes)
    }
    var all = entries
    let end = 8 + 2 + 12 * (entries.count + (pixels.isEmpty ? 0 : 1)) + 4
    if !pixels.isEmpty { all.append((0x0111, end)) }
    all.sort { $0.tag < $1.tag }
    var bytes = Array(byteOrder.utf8) + number(42, bytes: 2) + number(8, bytes: 4) + number(all.count, bytes: 2)
    for entry in all {
        bytes += number(entry.tag, bytes: 2) + number(3, bytes: 2) + number(1, bytes: 4)
        bytes += number(entry.value, bytes: 2) + [0, 0]
    }
    return bytes + number(0, bytes: 4) + pixels
}

/// A JPEG segment with its marker and length.
func jpegSegment(_ marker: UInt8, _ content: [UInt8]) -> [UInt8] {
    [0xFF, marker] + bigEndian(content.count + 2, bytes: 2) + content
}
