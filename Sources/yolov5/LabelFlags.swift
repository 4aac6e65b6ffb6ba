import ArgumentParser
import YOLOData

/// How labels are read.
struct LabelFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What becomes of labels that are wrong.",
            discussion: """
                rows: a wrong row is left out, the rest of its image is kept. reference: one wrong row leaves out the image, as \
                in Python's YOLOv5. strict: anything wrong is an error.
                """))
    var labelPolicy = LabelPolicy.rows

    @Flag(name: .customLong("single-cls"), help: "Every object is of one class, whatever its label says.")
    var isSingleClass = false

    @Flag(help: "Read all labels and images again, whatever the label cache says.")
    var verifyCache = false

    var options: LabelOptions {
        var options = LabelOptions()
        options.policy = labelPolicy
        options.isSingleClass = isSingleClass
        options.verifiesCache = verifyCache
        return options
    }
}
