package import Detection

/// Chooses which anchors of which cells shall predict an object.
///
/// An object goes to every anchor whose width and height are within a factor of ``ratioLimit`` of its own, in the cell
/// that holds its centre and in the two cells nearest to that centre. So one object has up to three anchors times three
/// cells a level, which gives the loss more positives than one best match would.
/// - Source: YOLOv5, `ComputeLoss.build_targets`; arithmetic in float32 and order of matches are the same.
package struct TargetAssigner: Hashable, Sendable {
    /// An anchor's width and height in cells of its level.
    package struct Anchor: Hashable, Sendable {
        package var width: Float
        package var height: Float

        package init(width: Float, height: Float) {
            self.width = width
            self.height = height
        }
    }

    /// Cells of one output level.
    package struct Grid: Hashable, Sendable {
        package var height: Int
        package var width: Int

        package init(height: Int, width: Int) {
            self.height = height
            self.width = width
        }
    }

    /// One object laid on one anchor of one cell.
    package struct Match: Hashable, Sendable {
        package var image: Int
        package var anchorIndex: Int
        package var gridY: Int
        package var gridX: Int
        package var classIndex: Int
        /// The object's centre relative to the cell's corner (-0.5...1.5) and its size; unit: cells.
        package var box: NormalizedBox
        package var anchor: Anchor
    }

    /// Per level, from the finest upwards.
    package var anchors: [[Anchor]]
    /// `anchor_t`: how much larger or smaller than the anchor a side may be.
    package var ratioLimit: Float

    package init(anchors: [[Anchor]], ratioLimit: Float) {
        self.anchors = anchors
        self.ratioLimit = ratioLimit
    }

    /// - Parameters:
    ///   - targets: the batch's objects.
    ///   - grids: one for each level.
    /// - Returns: the matches of each level: the centre cells first, then the left, upper, right and lower neighbours;
    ///   among those by anchor, then in the order of the targets.
    package func callAsFunction(_ targets: [GroundTruth], grids: [Grid]) -> [[Match]] {
        precondition(grids.count == anchors.count, "one grid for each level of anchors")
        return zip(anchors, grids).map { anchors, grid in Self.matches(targets, anchors, grid, ratioLimit) }
    }

    /// Steps from the centre cell, in cells; half a cell, because a centre in the left half is also the left neighbour's.
    private static let steps: [(x: Float, y: Float)] = [(0, 0), (0.5, 0), (0, 0.5), (-0.5, 0), (0, -0.5)]

    private static func matches(
        _ targets: [GroundTruth], _ anchors: [Anchor], _ grid: Grid, _ ratioLimit: Float
    ) -> [Match] {
        let width = Float(grid.width)
        let height = Float(grid.height)
        let scaled = targets.map { target in
            let box = target.box
            return NormalizedBox(
                centerX: box.centerX * width, centerY: box.centerY * height,
                width: box.width * width, height: box.height * height)
        }
        var candidates: [(target: Int, anchor: Int)] = []
        for (index, anchor) in anchors.enumerated() {
            for (target, box) in scaled.enumerated() where fits(box, anchor, ratioLimit) {
                candidates.append((target, index))
            }
        }

        var matches: [Match] = []
        matches.reserveCapacity(candidates.count * 3)
        for (direction, step) in steps.enumerated() {
            for candidate in candidates {
                let box = scaled[candidate.target]
                guard direction == 0 || reaches(direction, box, width, height) else { continue }
                let gridX = min(max(Int(box.centerX - step.x), 0), grid.width - 1)
                let gridY = min(max(Int(box.centerY - step.y), 0), grid.height - 1)
                let target = targets[candidate.target]
                matches.append(
                    Match(
                        image: target.image, anchorIndex: candidate.anchor, gridY: gridY, gridX: gridX,
                        classIndex: target.classIndex,
                        box: NormalizedBox(
                            centerX: box.centerX - Float(gridX), centerY: box.centerY - Float(gridY),
                            width: box.width, height: box.height),
                        anchor: anchors[candidate.anchor]))
            }
        }
        return matches
    }

    /// False for a box that is not finite.
    private static func fits(_ box: NormalizedBox, _ anchor: Anchor, _ limit: Float) -> Bool {
        guard box.centerX.isFinite, box.centerY.isFinite else { return false }
        let widthRatio = box.width / anchor.width
        let heightRatio = box.height / anchor.height
        return max(widthRatio, 1 / widthRatio) < limit && max(heightRatio, 1 / heightRatio) < limit
    }

    /// Whether the centre lies in the half of its cell that faces the neighbour, and the neighbour is inside the grid.
    private static func reaches(_ direction: Int, _ box: NormalizedBox, _ width: Float, _ height: Float) -> Bool {
        let distance = switch direction {
        case 1: box.centerX
        case 2: box.centerY
        case 3: width - box.centerX
        default: height - box.centerY
        }
        return distance > 1 && distance.truncatingRemainder(dividingBy: 1) < 0.5
    }
}
