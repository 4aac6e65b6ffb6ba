import Detection
import Foundation

/// The generations of an evolution, from its `evolve.csv`: fitness over each hyperparameter, with a cross and its value at the best.
///
/// Source: YOLOv5 6.2, `plot_evolve`.
package struct EvolutionChart: Chart {
    private static let metricColumns = 7
    private static let framesInRow = 5

    /// A hyperparameter in all generations.
    struct Trait: Hashable {
        let name: String
        let values: [Double]
    }

    let traits: [Trait]
    let fitness: [Double]
    /// The row of the highest fitness, the first of equals.
    let best: Int?

    package var width: Int { 1000 }
    package var height: Int { max((traits.count + Self.framesInRow - 1) / Self.framesInRow, 1) * 190 + 10 }

    /// - Parameter generations: three metrics and mAP@.5:.95, three losses, then the hyperparameters, a row a generation.
    package init(_ generations: NumberTable) {
        let precision = generations["metrics/precision"], recall = generations["metrics/recall"]
        let map50 = generations["metrics/mAP_0.5"], map = generations["metrics/mAP_0.5:0.95"]
        let fitness = generations.rows.indices.map {
            MeanMetrics(precision: precision[$0], recall: recall[$0], map50: map50[$0], map: map[$0]).fitness
        }
        self.fitness = fitness
        traits = generations.columns.indices.dropFirst(Self.metricColumns).map { column in
            Trait(name: generations.columns[column], values: generations.rows.map { $0[column] })
        }
        best = fitness.indices.filter { fitness[$0].isDrawable }.reduce(nil) { best, row in
            best.map { fitness[row] > fitness[$0] ? row : $0 } ?? row
        }
    }

    package func draw(on script: inout GnuplotScript) {
        guard !traits.isEmpty else {
            script.setRanges(x: .unit, y: .unit)
            script.plotNothing("no generations")
            return
        }
        // Viridis
        script.add(
            """
            set palette defined (0 "#440154", 0.125 "#472d7b", 0.25 "#3b528b", 0.375 "#2c728e", 0.5 "#21918c", 0.625 "#28ae80", \
            0.75 "#5ec962", 0.875 "#addc30", 1 "#fde725")
            """)
        script.add("set multiplot")
        let fitnessRange = AxisRange(covering: fitness, margin: 0.08)
        for (index, trait) in traits.enumerated() { draw(trait, at: index, fitnessRange, on: &script) }
        script.add("unset multiplot")
    }

    private func draw(_ trait: Trait, at index: Int, _ fitnessRange: AxisRange, on script: inout GnuplotScript) {
        script.resetFrame()
        let (row, column) = index.quotientAndRemainder(dividingBy: Self.framesInRow)
        let page = Double(height)
        let left = 0.068 + 0.188 * Double(column)
        let top = 1 - (Double(row) * 190 + 30) / page
        script.add("set lmargin at screen \(left); set rmargin at screen \(left + 0.16)")
        script.add("set tmargin at screen \(top); set bmargin at screen \(top - 135 / page)")
        let value = best.map { " = \(significant(trait.values[$0], 3))" } ?? ""
        let title = script.quoted(trait.name.shortened(toColumns: 24) + value)
        script.add("set title \(title) font \",9\" textcolor \(ChartColor.text) offset 0,-0.6")
        script.add("set xtics font \",8\"; set ytics font \",8\"")
        script.setRanges(x: AxisRange(covering: trait.values, margin: 0.08), y: fitnessRange, mostTics: 3)
        if column > 0 { script.add("set format y \"\"") } else { script.add("set ylabel \"fitness\" font \",9\" offset 1,0") }

        let points = zip(trait.values, fitness).filter { $0.isDrawable && $1.isDrawable }
        guard !points.isEmpty else {
            script.plotNothing()
            return
        }
        // Points in dense places lie on top.
        let crowds = crowdedness(points)
        let data = script.data(
            zip(points, crowds).sorted { $0.1 < $1.1 }.map { [$0.0, $0.1, $1] })
        script.add("set cbrange [0:\(max(crowds.max() ?? 1, 1e-6))]")
        var plots: [GnuplotCommand] = ["\(data) using 1:2:3 with points pointtype 7 pointsize 0.5 linecolor palette"]
        if let best, trait.values[best].isDrawable {
            let mark = script.data([[trait.values[best], fitness[best]]])
            plots.append("\(mark) with points pointtype 1 pointsize 1.8 linewidth 1.6 linecolor \(ChartColor(0x000000))")
        }
        script.add("plot \(GnuplotCommand(plots))")
    }

    /// For each point the logarithm of how many lie in the same cell of a 20 x 20 grid.
    private func crowdedness(_ points: [(Double, Double)]) -> [Double] {
        let (x, y) = (AxisRange(covering: points.map(\.0), margin: 0), AxisRange(covering: points.map(\.1), margin: 0))
        let cells = points.map { point in
            let column = Int((point.0 - x.lower) / (x.upper - x.lower) * 19.999)
            let row = Int((point.1 - y.lower) / (y.upper - y.lower) * 19.999)
            return row * 20 + column
        }
        let counts = Dictionary(cells.map { ($0, 1) }, uniquingKeysWith: +)
        return cells.map { log(Double(counts[$0] ?? 1)) }
    }
}
