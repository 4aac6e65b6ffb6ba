import Detection
import Foundation

/// The text of a label file for what was found: a line an object, `class x y width height`, the confidence behind it if wanted.
///
/// Centre and size are fractions of the image. Every number has six significant digits, as C's `%g` writes it.
/// Source: `save_one_txt` of the reference's `val.py`.
enum LabelText {
    /// - Parameter width, height: of the image, in pixels.
    static func lines(of objects: [DetectedObject], width: Int, height: Int, withConfidence: Bool) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(objects.count * (withConfidence ? 56 : 46))
        for object in objects {
            let box = object.box.normalized(width: Float(width), height: Float(height))
            text += String(object.classIndex).utf8
            for number in [box.centerX, box.centerY, box.width, box.height] + (withConfidence ? [object.confidence] : []) {
                text.append(UInt8(ascii: " "))
                append(number, to: &text)
            }
            text.append(UInt8(ascii: "\n"))
        }
        return text
    }

    /// `%g`. Fractions, millions of which a validation writes, take a tenth of the time here.
    static func append(_ number: Float, to text: inout [UInt8]) {
        guard number >= 1e-4, number < 1 else {
            text += String(format: "%g", Double(number)).utf8
            return
        }
        let decimals = number >= 0.1 ? 6 : number >= 0.01 ? 7 : number >= 0.001 ? 8 : 9
        // Exact: 24 bits of the number times 21 of the odd part of 10^9. So it is rounded once, ties to even, as C does.
        var digits = Int((Double(number) * Self.powers[decimals]).rounded(.toNearestOrEven))
        var count = decimals
        while digits.isMultiple(of: 10) {
            digits /= 10
            count -= 1
        }
        guard count > 0 else {
            text.append(UInt8(ascii: "1"))
            return
        }
        text += "0.".utf8
        let written = String(digits).utf8
        text += repeatElement(UInt8(ascii: "0"), count: count - written.count)
        text += written
    }

    private static let powers: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
}
