/// A mask as COCO stores it: lengths of runs of 0 and 1 in turn, beginning with 0, down the columns from left to right.
struct RunLengthMask {
    let width: Int
    let height: Int
    /// Runs of ones: places in column order, as half-open ranges, rising and apart.
    private var ones: [Range<Int>] = []

    /// - Throws: what is wrong with the runs.
    init(runs: [Int], width: Int, height: Int) throws(Defect) {
        guard 1...1_000_000 ~= width, 1...1_000_000 ~= height else { throw Defect(reason: "a mask of \(width) by \(height) pixels") }
        (self.width, self.height) = (width, height)
        var position = 0
        var isOne = false
        for run in runs {
            guard run >= 0, run <= width * height - position else { throw Defect(reason: "runs of more pixels than the mask has") }
            if isOne, run > 0 {
                if let last = ones.last, last.upperBound == position {
                    ones[ones.count - 1] = last.lowerBound..<position + run
                } else {
                    ones.append(position..<position + run)
                }
            }
            position += run
            isOne.toggle()
        }
    }

    /// The compressed form: numbers of 5 bits a character, from 48 up; each but the first three is the difference from the
    /// number two before.
    /// - Source: `rleFrString` of the COCO API.
    init(compressed: String, width: Int, height: Int) throws(Defect) {
        var runs: [Int] = []
        var value = 0
        var shift = 0
        for byte in compressed.utf8 {
            guard 48..<112 ~= byte, shift < 50 else { throw Defect(reason: "compressed runs that are damaged") }
            let bits = Int(byte) - 48
            value |= (bits & 0x1F) << shift
            shift += 5
            guard bits & 0x20 == 0 else { continue }
            if bits & 0x10 != 0 { value |= -1 << shift }
            if runs.count > 2 { value &+= runs[runs.count - 2] }
            runs.append(value)
            (value, shift) = (0, 0)
        }
        guard shift == 0 else { throw Defect(reason: "compressed runs that end early") }
        try self.init(runs: runs, width: width, height: height)
    }

    struct Defect: Error {
        let reason: String
    }

    /// The smallest box around the ones; nil for an empty mask.
    var box: PixelBox? {
        guard let first = ones.first, let last = ones.last else { return nil }
        var top = height, bottom = 0
        for run in ones {
            if run.lowerBound / height != (run.upperBound - 1) / height {
                (top, bottom) = (0, height)
                break
            }
            top = min(top, run.lowerBound % height)
            bottom = max(bottom, (run.upperBound - 1) % height + 1)
        }
        // A run over two columns reaches the lower edge of one and the upper edge of the next.
        return PixelBox(
            x1: Double(first.lowerBound / height), y1: Double(top), x2: Double((last.upperBound - 1) / height + 1),
            y2: Double(bottom))
    }
}

// MARK: - Outlines

extension RunLengthMask {
    /// More parts of columns than this are too ragged to be outlined.
    private static let mostSpans = 200_000

    /// A corner of pixels. The steps that lead away from it go along edges of the mask, with the ones to their right.
    private struct Corner: Hashable {
        let x: Int32
        let y: Int32
    }

    /// The outer outlines of the connected parts of the mask along the edges of its pixels, the longest first; holes are
    /// filled. Nil for a mask too ragged to be outlined.
    ///
    /// Parts that touch by a corner alone are two.
    func outlines() -> [[SIMD2<Double>]]? {
        guard let columns = columns() else { return nil }
        var next: [Corner: [Corner]] = [:]
        func add(_ x1: Int, _ y1: Int, _ x2: Int, _ y2: Int) {
            next[Corner(x: Int32(x1), y: Int32(y1)), default: []].append(Corner(x: Int32(x2), y: Int32(y2)))
        }
        var left: [Range<Int>] = []
        for (x, spans) in columns {
            for span in spans {
                add(x, span.lowerBound, x + 1, span.lowerBound)
                add(x + 1, span.upperBound, x, span.upperBound)
            }
            // Upwards where the ones begin, downwards where they end.
            for edge in Self.difference(spans, left) { add(x, edge.upperBound, x, edge.lowerBound) }
            for edge in Self.difference(left, spans) { add(x, edge.lowerBound, x, edge.upperBound) }
            left = spans
        }
        return Self.loops(&next)
    }

    /// The runs cut at the columns: one entry for each column from the first with ones to one past the last.
    private func columns() -> [(x: Int, spans: [Range<Int>])]? {
        guard let first = ones.first, let last = ones.last else { return [] }
        let start = first.lowerBound / height
        let count = (last.upperBound - 1) / height - start + 1
        guard count + ones.count <= Self.mostSpans else { return nil }
        var columns = (start...start + count).map { (x: $0, spans: [Range<Int>]()) }
        for run in ones {
            var position = run.lowerBound
            while position < run.upperBound {
                let x = position / height
                let end = min(run.upperBound, (x + 1) * height)
                columns[x - start].spans.append(position - x * height..<end - x * height)
                position = end
            }
        }
        return columns
    }

    /// The parts of `spans` that no one of `others` covers; both rise.
    private static func difference(_ spans: [Range<Int>], _ others: [Range<Int>]) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var index = 0
        for span in spans {
            var start = span.lowerBound
            while index < others.count, others[index].upperBound <= start { index += 1 }
            var other = index
            while other < others.count, others[other].lowerBound < span.upperBound {
                if others[other].lowerBound > start { result.append(start..<others[other].lowerBound) }
                start = max(start, others[other].upperBound)
                other += 1
            }
            if start < span.upperBound { result.append(start..<span.upperBound) }
        }
        return result
    }

    /// Joins the steps to loops, and keeps those that go clockwise (y points down): the outer ones.
    private static func loops(_ next: inout [Corner: [Corner]]) -> [[SIMD2<Double>]] {
        var loops: [[SIMD2<Double>]] = []
        let starts = next.keys.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        for start in starts {
            while var here = take(from: start, comingFrom: nil, &next) {
                var corners = [start]
                var before = start
                while here != start {
                    corners.append(here)
                    guard let step = take(from: here, comingFrom: before, &next) else { break }
                    (before, here) = (here, step)
                }
                if let outline = outer(corners) { loops.append(outline) }
            }
        }
        return loops.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(\.element)
    }

    /// The next step. Where two parts touch by a corner, it turns right, which keeps to its own part.
    private static func take(from corner: Corner, comingFrom before: Corner?, _ next: inout [Corner: [Corner]]) -> Corner? {
        guard var steps = next[corner], !steps.isEmpty else { return nil }
        var choice = 0
        if steps.count > 1, let before {
            choice = steps.firstIndex { step in turn(before, corner, step) > 0 } ?? 0
        }
        let step = steps.remove(at: choice)
        next[corner] = steps
        return step
    }

    /// Positive for a turn to the right, as y points down.
    private static func turn(_ a: Corner, _ b: Corner, _ c: Corner) -> Int {
        (Int(b.x) - Int(a.x)) * (Int(c.y) - Int(b.y)) - (Int(b.y) - Int(a.y)) * (Int(c.x) - Int(b.x))
    }

    /// The corners at which a loop turns; nil for a loop around a hole.
    private static func outer(_ loop: [Corner]) -> [SIMD2<Double>]? {
        var doubledArea = 0
        var outline: [SIMD2<Double>] = []
        for index in loop.indices {
            let before = loop[(index + loop.count - 1) % loop.count], here = loop[index], after = loop[(index + 1) % loop.count]
            doubledArea += Int(here.x) * Int(after.y) - Int(after.x) * Int(here.y)
            if turn(before, here, after) != 0 { outline.append(SIMD2(Double(here.x), Double(here.y))) }
        }
        return doubledArea > 0 ? outline : nil
    }
}
