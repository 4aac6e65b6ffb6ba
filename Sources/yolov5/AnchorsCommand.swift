import ArgumentParser
import Detection
import YOLOData
import YOLOModel
import YOLOReporting

struct AnchorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "anchors",
        abstract: "Make anchors for a data set.",
        usage: "yolov5 anchors coco128.yaml [-n 9] [--img 640] [--gen 1000] [--thr 4.0]",
        discussion: """
            Prints how large the labels of the training images are, anchors that fit them, and the lines for a model's YAML. \
            A training makes such anchors by itself where those of its model do not fit.
            """)

    @Argument(help: "Data set YAML, or a .zip with one inside.")
    var data: String

    @Option(name: [.customShort("n"), .customLong("anchors")], help: "Anchors of all output levels together.")
    var count = 9

    @Option(help: "Output levels of the model that share them; a level for each three anchors, if not given.")
    var levels: Int?

    @Option(
        name: [.customLong("imgsz"), .customLong("img"), .customLong("img-size")],
        help: "Long side of the training images in pixels.")
    var imageSize = 640

    @Option(name: .customLong("gen"), help: "Generations of evolution.")
    var generations = AnchorSearch.generations

    @Option(
        name: .customLong("thr"),
        help: "How many times larger or smaller than an anchor a side may be: the hyperparameter anchor_t.")
    var ratioLimit = 4.0

    @Option(help: "Seed of clustering and evolution.")
    var seed: UInt64 = 0

    func validate() throws {
        try check("-n", count, 1...300)
        try check("--imgsz", imageSize, 1...65_536)
        try check("--gen", generations, 0...1_000_000)
        guard ratioLimit > 1, ratioLimit <= 1000 else {
            throw ValidationError("--thr is \(ratioLimit); expected a number above 1, at most 1000")
        }
        if let levels {
            guard levels > 0, count % levels == 0 else {
                throw ValidationError("--levels is \(levels); expected a number that divides the \(count) anchors of -n")
            }
        } else if count % 3 != 0 {
            throw ValidationError(
                "-n is \(count), which is not three anchors for each output level; say with --levels how many levels share them")
        }
    }

    private func check(_ option: String, _ value: Int, _ range: ClosedRange<Int>) throws {
        guard !range.contains(value) else { return }
        throw ValidationError(
            "\(option) is \(value); expected a whole number between \(range.lowerBound) and \(range.upperBound)")
    }

    func run() throws {
        let description = try DatasetDescription(named: data)
        let set = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
        let labels = LabelSizes(of: set, imageSize: imageSize)
        for line in set.report.lines() + labels.warnings { Warning.print(line) }
        print(set.summary)
        print("sizes in images of \(imageSize) pixels: \(labels.quantiles)")

        let search = try AnchorSearch(labels, count: count, ratioLimit: ratioLimit, generations: generations, seed: seed)
        for warning in search.warnings { Warning.print(warning) }
        print()
        if let (model, anchors) = presetAnchors {
            print("\(model): \(AnchorMetric(labels.usable, ratioLimit: ratioLimit).fit(of: anchors).withFitness)")
        }
        print("\(count) anchors from \(search.labelCount) labels: \(search.fit.withFitness)")
        print("\nanchors:")
        for level in search.anchors.levels(levels ?? count / 3) { print(level.anchorText) }
    }

    /// For comparison, the anchors of the first model that has so many of them.
    private var presetAnchors: (model: String, anchors: [BoxSize])? {
        for name in ["yolov5s.yaml", "yolov5s6.yaml"] {
            guard case .pixels(let levels)? = try? ModelConfiguration(named: name).anchors else { continue }
            let sides = levels.joined().map(Float.init)
            guard sides.count == 2 * count else { continue }
            return (name, stride(from: 0, to: sides.count, by: 2).map { BoxSize(width: sides[$0], height: sides[$0 + 1]) })
        }
        return nil
    }
}

extension AnchorFit {
    fileprivate var withFitness: String { "\(self), fitness \((fitness * 10_000).rounded() / 10_000)" }
}

extension LabelSizes {
    /// Widths and heights that a tenth, half and nine tenths of the labels stay under.
    fileprivate var quantiles: String {
        let (widths, heights) = (sizes.map(\.width).sorted(), sizes.map(\.height).sorted())
        guard !sizes.isEmpty else { return "none" }
        let parts = [("a tenth", 0.1), ("half", 0.5), ("nine tenths", 0.9)].map { name, share in
            let index = Int(share * Double(sizes.count - 1))
            return "\(name) up to \(Int(widths[index].rounded())) wide and \(Int(heights[index].rounded())) high"
        }
        return parts.joined(separator: ", ")
    }
}
