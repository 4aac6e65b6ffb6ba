import Detection
import Glibc

/// The numbers of one line of a label file: `class x y width height`, or `class x1 y1 x2 y2 x3 y3 …`, normalised.
struct LabelRow {
    /// Counts from 1.
    let line: Int
    let numbers: [Float]

    /// - Returns: nil for a line of white space.
    /// - Throws: for a word that is no finite number.
    init?(_ text: UnsafeBufferPointer<UInt8>, line: Int) throws(LabelProblem) {
        var numbers: [Float] = []
        var position = 0
        while true {
            while position < text.count, Self.isSpace(text[position]) { position += 1 }
            let start = position
            while position < text.count, !Self.isSpace(text[position]) { position += 1 }
            guard position > start else { break }
            let word = UnsafeBufferPointer(rebasing: text[start..<position])
            guard let number = Self.number(word) else {
                throw .notANumber(Self.printable(word))
            }
            // Some numbers that a double holds are too large for a float.
            numbers.append(Float(number.clamped(to: -3e38...3e38)))
        }
        guard !numbers.isEmpty else { return nil }
        self.line = line
        self.numbers = numbers
    }

    /// A label of a box.
    func boxObject() throws(LabelProblem) -> LabeledObject {
        guard numbers.count == 5 else { throw .wrongColumns(found: numbers.count) }
        let box = NormalizedBox(centerX: numbers[1], centerY: numbers[2], width: numbers[3], height: numbers[4])
        return try checked(LabeledObject(classIndex: classIndex, box: box))
    }

    /// A label of a polygon, with the box around it.
    func polygonObject() throws(LabelProblem) -> LabeledObject {
        guard numbers.count >= 5 else { throw .wrongColumns(found: numbers.count) }
        guard !numbers.count.isMultiple(of: 2) else { throw .oddPolygon(numbers: numbers.count - 1) }
        let polygon = Polygon(points: stride(from: 1, to: numbers.count, by: 2).map { SIMD2(numbers[$0], numbers[$0 + 1]) })
        guard let bounds = polygon.boundingBox else { throw .wrongColumns(found: numbers.count) }
        let box = NormalizedBox(centerX: bounds.centerX, centerY: bounds.centerY, width: bounds.width, height: bounds.height)
        return try checked(LabeledObject(classIndex: classIndex, box: box, polygon: polygon))
    }

    /// Whether the class has a fraction, which the reference cuts off.
    var hasFractionalClass: Bool { numbers[0] != numbers[0].rounded(.towardZero) }

    /// The first number, without its fraction. Far out of range stays out of range.
    private var classIndex: Int { Int(numbers[0].clamped(to: -1...1e9)) }

    private func checked(_ object: LabeledObject) throws(LabelProblem) -> LabeledObject {
        let box = object.box
        let coordinates = [box.centerX, box.centerY, box.width, box.height]
        if let negative = ([numbers[0]] + coordinates).first(where: { $0 < 0 }) { throw .negative("\(negative)") }
        if let large = coordinates.first(where: { $0 > 1 }) { throw .aboveOne("\(large)") }
        return object
    }

    /// The start of a word that may be anything, fit for a terminal.
    private static func printable(_ word: UnsafeBufferPointer<UInt8>) -> String {
        let text = String(decoding: word.prefix(40), as: UTF8.self)
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 9...13 ~= byte }
}

// MARK: - Numbers

extension LabelRow {
    /// The nearest double to a decimal number; nil for anything else, infinities included.
    static func number(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        shortDecimal(text) ?? anyNumber(text)
    }

    /// Numbers such as `0.479492`, which are nearly all. Digits and power of ten are exact in a double, so that one division
    /// gives the nearest one (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
    private static func shortDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard 1...16 ~= text.count else { return nil }
        var digits = 0
        var fractionDigits = 0
        var hasPoint = false
        for byte in text {
            if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
                continue
            }
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            digits = 10 * digits + Int(byte - UInt8(ascii: "0"))
            if hasPoint { fractionDigits += 1 }
        }
        // At most 15 digits beside a point; 16 without one go the other way, and so does a lonely point.
        guard hasPoint ? text.count > 1 : text.count < 16 else { return nil }
        return Double(digits) / powersOfTen[fractionDigits]
    }

    private static let powersOfTen = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15]

    private static func anyNumber(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        // Hexadecimal is Swift's, not the format's, and a zero byte would end the text early.
        guard !text.contains(where: { [0, UInt8(ascii: "x"), UInt8(ascii: "X")].contains($0) }),
            let number = Double(String(decoding: text, as: UTF8.self)), number.isFinite
        else { return nil }
        return number
    }
}
