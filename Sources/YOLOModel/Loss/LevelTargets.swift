import Detection
import Torch

/// The matches of one level as tensors on the device.
struct LevelTargets {
    /// Row of ``HeadLevel/rows()`` for each match, int64 `[n]`.
    let rows: Tensor
    /// Matches that set the objectness of their row, int64, and those rows. Where several objects fall on one row, the
    /// last one wins: on every device, in every run.
    let winners: Tensor
    let winnerRows: Tensor
    /// Where the class of each match stands in a flattened `[n, classes]`, int64 `[n]`.
    let classPlaces: Tensor
    /// `[n, 2]` each, in cells: the object's centre from its cell's corner, its size, and the anchor's size.
    let centers: Tensor
    let sizes: Tensor
    let anchors: Tensor

    /// Lays out the matches of all levels, which then travel to the device in two pieces, without waiting for it.
    static func make(
        _ matches: [[TargetAssigner.Match]], levels: [HeadLevel], classCount: Int, on device: Device
    ) throws(TorchError) -> [LevelTargets] {
        var indices: [Int64] = []
        var numbers: [Float] = []
        var counts: [(matches: Int, winners: Int)] = []
        for (matches, level) in zip(matches, levels) {
            let rows = rows(of: matches, in: level)
            let winners = lastOfEachRow(rows)
            counts.append((matches.count, winners.count))
            indices += rows
            indices += winners.map(Int64.init)
            indices += winners.map { rows[$0] }
            for (index, match) in matches.enumerated() {
                precondition((0..<classCount).contains(match.classIndex), "class \(match.classIndex) of \(classCount)")
                indices.append(Int64(index * classCount + match.classIndex))
                numbers += [
                    match.box.centerX, match.box.centerY, match.box.width, match.box.height,
                    match.anchor.width, match.anchor.height,
                ]
            }
        }

        let deviceIndices = try Tensor(indices).sent(to: device)
        let deviceNumbers = try Tensor(numbers, shape: [numbers.count / 6, 6]).sent(to: device)
        var targets: [LevelTargets] = []
        var (index, row) = (0, 0)
        for count in counts {
            func nextIndices(_ length: Int) throws(TorchError) -> Tensor {
                defer { index += length }
                return try deviceIndices.narrowed(axis: 0, start: index, length: length)
            }
            let boxes = try deviceNumbers.narrowed(axis: 0, start: row, length: count.matches)
            row += count.matches
            targets.append(
                LevelTargets(
                    rows: try nextIndices(count.matches), winners: try nextIndices(count.winners),
                    winnerRows: try nextIndices(count.winners), classPlaces: try nextIndices(count.matches),
                    centers: try boxes.narrowed(axis: 1, start: 0, length: 2),
                    sizes: try boxes.narrowed(axis: 1, start: 2, length: 2),
                    anchors: try boxes.narrowed(axis: 1, start: 4, length: 2)))
        }
        return targets
    }

    private static func rows(of matches: [TargetAssigner.Match], in level: HeadLevel) -> [Int64] {
        let (height, width, anchorCount) = (level.gridHeight, level.gridWidth, level.anchorCount)
        return matches.map { match in
            Int64(((match.image * height + match.gridY) * width + match.gridX) * anchorCount + match.anchorIndex)
        }
    }

    private static func lastOfEachRow(_ rows: [Int64]) -> [Int] {
        var last: [Int64: Int] = [:]
        for (index, row) in rows.enumerated() { last[row] = index }
        return rows.indices.filter { last[rows[$0]] == $0 }
    }
}
