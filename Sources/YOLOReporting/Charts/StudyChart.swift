/// Accuracy against time for several image sizes, of one model or of several to compare.
///
/// Source: YOLOv5 6.2, `plot_val_study`.
package struct StudyChart: Chart {
    /// A validation at one image size.
    package struct Measurement: Sendable, Hashable {
        /// In pixels.
        package let imageSize: Int
        package let precision, recall, map50, map: Double
        /// Milliseconds an image.
        package let preprocess, inference, nonMaximumSuppression: Double

        package init(
            imageSize: Int, precision: Double, recall: Double, map50: Double, map: Double,
            preprocess: Double, inference: Double, nonMaximumSuppression: Double
        ) {
            self.imageSize = imageSize
            (self.precision, self.recall, self.map50, self.map) = (precision, recall, map50, map)
            (self.preprocess, self.inference, self.nonMaximumSuppression) = (preprocess, inference, nonMaximumSuppression)
        }
    }

    package struct Model: Sendable {
        package let name: String
        /// By rising image size.
        package let measurements: [Measurement]

        package init(name: String, measurements: [Measurement]) {
            self.name = name
            self.measurements = measurements
        }
    }

    private let models: [Model]
    package let width = 900, height = 500

    package init(_ models: [Model]) {
        self.models = models
    }

    package func draw(on script: inout GnuplotScript) {
        let points = models.map { model in
            model.measurements.filter { $0.inference.isDrawable && $0.map.isDrawable }
        }
        let all = points.flatMap { $0 }
        script.add("set lmargin at screen 0.085; set rmargin at screen 0.97; set tmargin at screen 0.95; set bmargin at screen 0.12")
        script.add("set xlabel \"inference (ms/image)\" font \",11\"; set ylabel \"mAP@.5:.95 (%)\" font \",11\"")
        script.add("set key bottom right Left reverse")
        let most = all.map(\.inference).max() ?? 1
        let percents = AxisRange(covering: all.map { $0.map * 100 }, margin: 0.12)
        script.setRanges(x: AxisRange(0, max(most, 1e-6) * 1.08), y: percents, mostTics: 10)

        var plots: [GnuplotCommand] = []
        for (index, model) in models.enumerated() where !points[index].isEmpty {
            let color = ChartColor.ofSeries(index)
            let data = script.data(points[index].map { [$0.inference, $0.map * 100, Double($0.imageSize)] })
            plots.append(
                """
                \(data) using 1:2 with linespoints linewidth 2 linecolor \(color) pointtype 7 pointsize 0.8 \
                title \(script.quoted(model.name, columns: 40))
                """)
            plots.append("\(data) using 1:2:(sprintf(\"%d\", int($3))) with labels center offset 0,1 font \",8\" textcolor \(color)")
        }
        if plots.isEmpty { script.plotNothing() } else { script.add("plot \(GnuplotCommand(plots))") }
    }
}
