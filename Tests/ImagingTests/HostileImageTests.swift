import Foundation
import GoldenFixtures
import Testing

@testable import Imaging

/// Small files that ask for much memory or time.
@Suite("Hostile images")
struct HostileImageTests {
    private func withFile(_ bytes: [UInt8], _ body: (URL) throws -> Void) throws {
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("picture.jpg")
        try Data(bytes).write(to: file)
        try body(file)
    }

    @Test("a file of more than 2 GiB is refused before any memory is taken for it", arguments: [1 << 31, 200 << 30])
    func large(size: UInt64) throws {
        try withFile(try JPEGFixtures.bytes("420")) { file in
            // The picture is sound; zeros follow that take no room on the disk.
            let handle = try FileHandle(forWritingTo: file)
            try handle.truncate(atOffset: size)
            try handle.close()
            let path = file.path
            let expected = ImagingError.undecodable(
                path: path, reason: "it has \(size >> 20) MB, and pictures of less than 2048 MB are read; make it smaller")
            #expect(throws: expected) { try ImageFile.check(path) }
            #expect(throws: expected) { try ImageFile.damage(ofJPEG: path) }
            #expect(throws: expected) { try ImageFile.decode(path) }
        }
    }

    /// The start of a progressive JPEG without a pixel: its frame header, and a table with one code, "0", for a difference of no bits.
    private func progressiveStart(side: Int, components: Int) -> [UInt8] {
        var frame: [UInt8] = [8] + bigEndian(side, bytes: 2) + bigEndian(side, bytes: 2) + [UInt8(components)]
        for component in 1...components { frame += [UInt8(component), 0x11, 0] }
        var bytes: [UInt8] = [0xFF, 0xD8]
        bytes += jpegSegment(0xDB, [0] + [UInt8](repeating: 1, count: 64))
        bytes += jpegSegment(0xC2, frame)
        bytes += jpegSegment(0xC4, [0x00, 1] + [UInt8](repeating: 0, count: 16))
        return bytes
    }

    /// A scan of the first component, with one block.
    private let scan: [UInt8] = jpegSegment(0xDA, [1, 1, 0x00, 0, 0, 0]) + [0b0111_1111]

    @Test("as many pixels as the reference takes are accepted, and no more")
    func pixels() {
        #expect(ImageHeader(progressiveStart(side: 13_377, components: 3)) != nil)
        #expect(ImageHeader(progressiveStart(side: 13_378, components: 3)) == nil)
        #expect(ImageHeader(progressiveStart(side: 32_768, components: 3)) == nil)
    }

    @Test("a progressive JPEG gets no more memory than a picture of that many pixels needs")
    func memory() throws {
        try withFile(progressiveStart(side: 13_000, components: 10) + scan) { file in
            let damage = try ImageFile.damage(ofJPEG: file.path)
            #expect(damage == "it needs too much memory to be decoded")
        }
    }

    /// A progressive picture whose last scan is repeated.
    private func picture(repeatingLastScan count: Int) throws -> [UInt8] {
        let bytes = try JPEGFixtures.bytes("progressive-420")
        let end = bytes.count - 2
        let lastScan = try #require((0..<end).last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA })
        return Array(bytes[..<end]) + Array(repeating: bytes[lastScan..<end], count: count).joined() + bytes[end...]
    }

    @Test("a progressive JPEG may have hundreds of scans, not thousands")
    func scans() throws {
        #expect(try ImageFile.decode(bytes: try picture(repeatingLastScan: 400), name: "many.jpg").width == 101)
        let tooMany = try picture(repeatingLastScan: 3000)
        let reason = "it has too many scans: more than 500"
        #expect(throws: ImagingError.undecodable(path: "many.jpg", reason: reason)) {
            try ImageFile.decode(bytes: tooMany, name: "many.jpg")
        }
        try withFile(tooMany) { file in
            let damage = try ImageFile.damage(ofJPEG: file.path)
            #expect(damage == reason)
        }
    }

    @Test("a picture of inks is bound by the same number of scans")
    func scansOfInks() throws {
        func picture(scans: Int) -> [UInt8] {
            progressiveStart(side: 8, components: 4) + Array(repeating: scan, count: scans).joined() + [0xFF, 0xD9]
        }
        #expect(try ImageFile.decode(bytes: picture(scans: 4), name: "inks.jpg").width == 8)
        #expect(throws: ImagingError.undecodable(path: "inks.jpg", reason: "it has too many scans: more than 500")) {
            try ImageFile.decode(bytes: picture(scans: 3000), name: "inks.jpg")
        }
    }

    @Test("a damaged JPEG or PNG leaves the terminal alone")
    func silence() async throws {
        let result = try await #require(processExitsWith: .success, observing: [\.standardErrorContent]) {
            let folder = JPEGFixtures.folder
            var files = try JPEGFixtures.names.map { try JPEGFixtures.bytes($0) }
            for name in ["cmyk.jpg", "la.png", "pal.png", "rgba16.png"] {
                files.append([UInt8](try Data(contentsOf: folder.appendingPathComponent("formats/\(name)"))))
            }
            var random = SeededGenerator(seed: 8)
            files.append(try ImageFile.encode(.noise(width: 60, height: 50, using: &random), asPNG: true))
            for whole in files {
                for _ in 0..<20 {
                    var bytes = whole
                    let behindHeader = min(60, bytes.count - 1)
                    for _ in 0..<4 {
                        bytes[.random(in: behindHeader..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
                    }
                    _ = try? ImageFile.decode(bytes: bytes, name: "damaged")
                }
            }
        }
        #expect(String(decoding: result.standardErrorContent, as: UTF8.self) == "")
    }

    @Test("what is wrong with a damaged PNG is said")
    func damagedPNG() throws {
        var random = SeededGenerator(seed: 8)
        var bytes = try ImageFile.encode(.noise(width: 60, height: 50, using: &random), asPNG: true)
        bytes[bytes.count / 2] ^= 255
        let error = try #require(throws: ImagingError.self) { try ImageFile.decode(bytes: bytes, name: "a.png") }
        #expect(error.description.hasPrefix("'a.png' cannot be decoded: IDAT: "), "\(error)")
    }
}
