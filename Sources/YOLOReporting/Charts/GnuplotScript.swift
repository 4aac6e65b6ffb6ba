/// A gnuplot script under construction: its terminal, its data and its commands.
package struct GnuplotScript {
    package private(set) var text: String
    private let fonts: FontCoverage
    private var blockCount = 0

    /// - Parameters: Width and height in points.
    init(_ format: ChartFormat, width: Int, height: Int, fonts: FontCoverage) {
        self.fonts = fonts
        text = ""
        add("set encoding utf8")
        switch format {
        case .png:
            add(
                """
                set terminal pngcairo noenhanced size \(2 * width),\(2 * height) background "#ffffff" font "sans-serif,9" \
                fontscale 2 linewidth 2 pointscale 2
                """)
        case .svg:
            add("""
                set terminal svg noenhanced size \(width),\(height) dynamic background "#ffffff" font "sans-serif,9" \
                fontscale 1.25 linewidth 1.25
                """)
        }
        add("set datafile missing \"NaN\"")
        add("set border 3 linecolor \(ChartColor.frame) linewidth 0.7")
        add("set tics nomirror out scale 0.5 textcolor \(ChartColor.text)")
        add("set grid linetype 1 linewidth 0.5 linecolor \(ChartColor.grid)")
        add("set style fill solid 1 noborder")
        add("unset colorbox")
        add("set key noautotitle textcolor \(ChartColor.text) samplen 2")
    }

    package mutating func add(_ command: GnuplotCommand) {
        text += command.text
        text += "\n"
    }

    /// Text from a user's file, as a string of gnuplot's.
    package func quoted(_ text: String, columns: Int = 60) -> GnuplotCommand {
        GnuplotCommand(quoting: fonts.drawable(text), columns: columns, isTicLabel: false)
    }

    /// The same for the labels of an axis, whose percent signs have a meaning.
    package func ticLabel(_ text: String, columns: Int = 30) -> GnuplotCommand {
        GnuplotCommand(quoting: fonts.drawable(text), columns: columns, isTicLabel: true)
    }

    /// A data block with a line for each row.
    /// - Returns: its name, to plot from.
    package mutating func data(_ rows: some Sequence<[Double]>) -> GnuplotCommand {
        data(groups: CollectionOfOne(rows))
    }

    /// A data block of several lines or polygons, which a plot does not join.
    package mutating func data(groups: some Sequence<some Sequence<[Double]>>) -> GnuplotCommand {
        blockCount += 1
        let name: GnuplotCommand = "$data\(blockCount)"
        text += name.text + " << END\n"
        for group in groups {
            for row in group {
                for (index, value) in row.enumerated() {
                    if index > 0 { text += " " }
                    text += GnuplotCommand.number(value)
                }
                text += "\n"
            }
            text += "\n"
        }
        text += "END\n"
        return name
    }

    /// Ends one frame of a page; what the next one does not set must not be left over.
    mutating func resetFrame() {
        add("unset label; unset arrow; unset object; unset title; unset xlabel; unset ylabel; unset colorbox; unset key")
        add("set format")
    }
}
