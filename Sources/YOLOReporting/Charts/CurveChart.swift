package import Detection
import PrintableText

/// Curves of all classes in one frame and their mean, with a legend on the right.
///
/// Source: YOLOv5 6.2, `plot_mc_curve` and `plot_pr_curve`.
package struct CurveChart: Chart {
    /// A line over the chart's `x`.
    struct Curve: Sendable {
        let name: String
        let values: [Double]
    }

    /// From here on classes are too many to tell their lines apart: they are grey.
    private static let mostColors = 20

    let xTitle, yTitle: String
    let x: [Double]
    /// One for each class.
    let curves: [Curve]
    let mean: Curve

    package let width = 900, height = 600

    /// Precision over recall at IoU 0.5, and the area under it, for each class and in the mean.
    ///
    /// - Parameter classNames: by class index.
    package static func precisionOverRecall(_ metrics: DetectionMetrics, classNames: [String]) -> CurveChart {
        let curves = zip(metrics.classes, metrics.sampledPrecisions).map { entry, precision in
            Curve(name: "\(name(entry.classIndex, classNames)) \(decimals(entry.ap50, 3))", values: precision)
        }
        let legend = "all classes \(decimals(metrics.mean.map50, 3)) mAP@0.5"
        return CurveChart(
            xTitle: "Recall", yTitle: "Precision", x: PrecisionRecallCurve.sampledRecalls, curves: curves,
            mean: Curve(name: legend, values: mean(of: curves, count: PrecisionRecallCurve.sampledRecalls.count)))
    }

    /// Precision at IoU 0.5, if only detections from some confidence up are shown.
    package static func precision(_ metrics: DetectionMetrics, classNames: [String]) -> CurveChart {
        overConfidence("Precision", metrics, classNames, \.precision)
    }

    /// Recall at IoU 0.5, likewise.
    package static func recall(_ metrics: DetectionMetrics, classNames: [String]) -> CurveChart {
        overConfidence("Recall", metrics, classNames, \.recall)
    }

    /// The harmonic mean of both, likewise: its highest point is a good confidence threshold.
    package static func f1(_ metrics: DetectionMetrics, classNames: [String]) -> CurveChart {
        overConfidence("F1", metrics, classNames, \.f1)
    }

    private static func overConfidence(
        _ quantity: String, _ metrics: DetectionMetrics, _ classNames: [String], _ values: (ConfidenceCurve) -> [Double]
    ) -> CurveChart {
        let curves = zip(metrics.classes, metrics.curves).map { Curve(name: name($0.classIndex, classNames), values: values($1)) }
        let confidences = ConfidenceCurve.confidences
        let smooth = smoothed(mean(of: curves, count: confidences.count), fraction: 0.05)
        let best = smooth.indices.reduce(0) { smooth[$1] > smooth[$0] ? $1 : $0 }
        let legend = curves.isEmpty ? "all classes" : "all classes \(decimals(smooth[best], 2)) at \(decimals(confidences[best], 3))"
        return CurveChart(xTitle: "Confidence", yTitle: quantity, x: confidences, curves: curves, mean: Curve(name: legend, values: smooth))
    }

    private static func mean(of curves: [Curve], count: Int) -> [Double] {
        var sum = [Double](repeating: 0, count: count)
        for curve in curves {
            for (index, value) in curve.values.enumerated() { sum[index] += value }
        }
        return sum.map { $0 / Double(max(curves.count, 1)) }
    }

    private static func name(_ classIndex: Int, _ names: [String]) -> String {
        names.indices.contains(classIndex) ? names[classIndex].printable(longest: 200).shortened(toColumns: 22) : "\(classIndex)"
    }

    package func draw(on script: inout GnuplotScript) {
        let isColored = curves.count <= Self.mostColors
        script.add("set lmargin at screen 0.075; set rmargin at screen 0.73; set tmargin at screen 0.96; set bmargin at screen 0.1")
        script.add("set xlabel \(script.quoted(xTitle)) font \",11\" textcolor \(ChartColor.text)")
        script.add("set ylabel \(script.quoted(yTitle)) font \",11\" textcolor \(ChartColor.text)")
        script.add("set key at screen 0.74,0.96 left top Left reverse width 0 spacing 1.15 samplen 1.5")
        script.setRanges(x: .unit, y: .unit)
        script.add("set format \"%.1f\"")
        guard !curves.isEmpty else {
            script.plotNothing()
            return
        }
        var plots: [GnuplotCommand] = []
        if isColored {
            for (index, curve) in curves.enumerated() {
                let data = script.data(points(of: curve))
                let title = script.quoted(curve.name, columns: 60)
                // The second ten have the colours of the first, and dashes.
                let dashes = index / ChartColor.series.count + 1
                plots.append("\(data) with lines linewidth 1.2 linecolor \(ChartColor.ofSeries(index)) dashtype \(dashes) title \(title)")
            }
        } else {
            let data = script.data(groups: curves.map { points(of: $0, step: curves.count <= 200 ? 4 : 10) })
            plots.append("\(data) with lines linewidth 0.5 linecolor \(ChartColor.grey)")
        }
        let data = script.data(points(of: mean))
        plots.append("\(data) with lines linewidth 3 linecolor \(ChartColor.strongBlue) title \(script.quoted(mean.name))")
        script.add("plot \(GnuplotCommand(plots))")
    }

    /// Every `step`th point, without those inside level stretches, which are most of a curve.
    private func points(of curve: Curve, step: Int = 1) -> [[Double]] {
        let indices = Array(stride(from: 0, to: curve.values.count - 1, by: step)) + [curve.values.count - 1]
        return indices.enumerated().compactMap { place, index in
            let value = curve.values[index]
            if place > 0, place + 1 < indices.count, curve.values[indices[place - 1]] == value, curve.values[indices[place + 1]] == value {
                return nil
            }
            return [x[index], value]
        }
    }
}
