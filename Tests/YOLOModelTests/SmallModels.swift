@testable import YOLOModel

/// Networks of a few narrow rows, for what does not depend on a real one.
enum SmallModels {
    /// A convolution of stride 2 for each level down to the coarsest, and a head on the last `levels` of five.
    static func pyramid(levels: Int, classes: Int = 3, name: String = "pyramid.yaml") throws -> DetectionModel {
        let row = "  - [-1, 1, Conv, [8, 3, 2]]\n"
        let sources = (5 - levels..<5).map(String.init).joined(separator: ", ")
        let anchors = (0..<levels).map { "  - [\(4 << $0),\(5 << $0), \(8 << $0),\(9 << $0)]\n" }.joined()
        return try make(
            "backbone:\n\(String(repeating: row, count: 5))head:\n  - [[\(sources)], 1, Detect, [nc, anchors]]\n",
            anchors: anchors, classes: classes, name: name)
    }

    /// Strides 8 and 16, with rows of stride 32 before them, as in `yolov5-p34.yaml`.
    static func deeperThanItsHead() throws -> DetectionModel {
        let row = "  - [-1, 1, Conv, [8, 3, 2]]\n"
        return try make(
            """
            backbone:
            \(String(repeating: row, count: 5))head:
              - [-1, 1, nn.Upsample, [None, 2, 'nearest']]
              - [[-1, 3], 1, Concat, [1]]
              - [[2, 6], 1, Detect, [nc, anchors]]

            """, anchors: "  - [8,9, 16,18]\n  - [16,18, 32,36]\n", classes: 3, name: "deep.yaml")
    }

    private static func make(_ rows: String, anchors: String, classes: Int, name: String) throws -> DetectionModel {
        let text = "nc: \(classes)\ndepth_multiple: 1.0\nwidth_multiple: 1.0\nanchors:\n\(anchors)\(rows)"
        return try DetectionModel(ModelConfiguration(yaml: text, source: name))
    }
}
