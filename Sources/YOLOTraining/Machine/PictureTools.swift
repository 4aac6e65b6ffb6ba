import Imaging
import YOLOReporting

/// The parts that only pictures need, and that a machine can lack.
enum PictureTools {
    /// Says what pictures of a run will lack.
    /// - Parameter drawsCharts: with gnuplot.
    static func warnOfMissing(drawsCharts: Bool) {
        if drawsCharts, let remark = ChartRenderer.remarkOnMissingProgram() { Warning.printOnce(remark) }
        if !Canvas.hasFonts { Warning.printOnce("no font is installed: pictures will have no text (\(fontAdvice))") }
    }

    static let fontAdvice = "apt install fonts-dejavu-core"
}
