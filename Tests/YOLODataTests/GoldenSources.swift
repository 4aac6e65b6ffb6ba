import Foundation
import GoldenFixtures
import Testing
@testable import YOLOData

/// The nine small pictures of `golden/augment` as a data set on disk, with boxes or with outlines.
struct GoldenSources {
    enum Labels: String { case boxes, segments }

    let images: LabeledImageSet
    private let root: URL

    init(_ labels: Labels, name: String = #function) throws {
        root = try Fixtures.temporaryFolder(name)
        let tensors = try Fixtures.tensors("augment/mosaic")
        for kind in ["images", "labels"] {
            try FileManager.default.createDirectory(at: root.appendingPathComponent(kind), withIntermediateDirectories: true)
        }
        for index in 0..<9 {
            try FileManager.default.copyItem(
                atPath: GoldenImages.path("src\(index).png"), toPath: root.appendingPathComponent("images/src\(index).png").path)
            let rows = try #require(tensors["boxes.src\(index).labels"])
            let text = switch labels {
            case .boxes:
                rows.rows.map { $0.map { "\($0)" }.joined(separator: " ") }.joined(separator: "\n")
            case .segments:
                try String(contentsOfFile: GoldenImages.path("src\(index).polygons.txt"), encoding: .utf8)
            }
            try text.write(to: root.appendingPathComponent("labels/src\(index).txt"), atomically: true, encoding: .utf8)
        }
        let folder = root.appendingPathComponent("images").path
        let description = DatasetDescription(file: "golden", train: [folder], validation: [folder], names: (0..<91).map { "\($0)" })
        images = try LabeledImageSet([folder], of: description, name: "golden", requiresLabels: true)
    }

    func remove() { try? FileManager.default.removeItem(at: root) }
}

extension PerspectiveParameters {
    /// From the reference's draws, in its order.
    init(_ draws: [Double]) {
        self.init()
        (perspectiveX, perspectiveY, angle, scale) = (draws[0], draws[1], draws[2], draws[3])
        (shearX, shearY, translateX, translateY) = (draws[4], draws[5], draws[6], draws[7])
    }
}

extension GoldenTensor {
    var rows: [[Float]] { (0..<shape[0]).map(row) }
}

/// Whether rows agree in number, class and every coordinate.
func agree(_ rows: [[Float]], _ expected: [[Float]], tolerance: Float) -> Bool {
    rows.count == expected.count
        && zip(rows, expected).allSatisfy { row, expected in
            row[0] == expected[0] && zip(row, expected).allSatisfy { abs($0 - $1) <= tolerance }
        }
}
