import Testing

@testable import Imaging

@Suite("Image")
struct ImageTests {
    @Test("flips exchange pixels exactly, and twice is nothing")
    func flips() {
        let image = Image(width: 3, height: 2, pixels: Array(0..<18))
        var flipped = image
        flipped.withMutableView { $0.flipHorizontally() }
        #expect(flipped.pixels == [6, 7, 8, 3, 4, 5, 0, 1, 2, 15, 16, 17, 12, 13, 14, 9, 10, 11])
        flipped.withMutableView { $0.flipHorizontally() }
        #expect(flipped == image)
        flipped.withMutableView { $0.flipVertically() }
        #expect(flipped.pixels == Array(9..<18) + Array(0..<9))
        flipped.withMutableView { $0.flipVertically() }
        #expect(flipped == image)
    }
}
