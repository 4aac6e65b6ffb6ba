import ArgumentParser
import YOLOReporting
import YOLOTraining

/// Flags that train and val share.
struct RunFlags: ParsableArguments {
    @Option(help: "cpu, or the number of a CUDA device; the first one there is, if not given.")
    var device = ""

    @Option(help: "Threads that load images; they do not change the result.")
    var workers = TrainingOptions().workers

    @Option(help: "Name of this run; a number is added when it is taken.")
    var name = TrainingOptions().name

    @Flag(help: "Write into the folder of that name, even if it is there.")
    var existOk = false

    @Option(help: "Numbers to compute with; auto takes fp16 on CUDA, bf16 on CPUs made for it, else fp32.")
    var precision = TrainingOptions().precision

    @Flag(help: "Fetch nothing from the network: weights and data must be here.")
    var offline = false

    @Flag(help: "Let a data set's YAML run its download script; read it before.")
    var allowScripts = false

    @Flag(help: "Show warnings and errors only.")
    var quiet = false

    @Flag(help: "Show the run as one JSON object a line, for programs (docs/json.md).")
    var json = false

    func validate() throws {
        guard !(quiet && json) else { throw ValidationError("--quiet and --json contradict each other: give one of them") }
    }

    /// Whether lines for people go to standard output.
    var showsText: Bool { !quiet && !json }

    /// Who shows the run to the user. What else the program says of it goes to the same place, or out of the way.
    /// - Parameter showsClasses: as for `ConsoleObserver`.
    func consoles(showsClasses: Bool = false) -> [any TrainingObserver] {
        if !showsText { Terminal.useForText(json ? .standardError : .nowhere) }
        return json ? [JSONObserver()] : quiet ? [] : [ConsoleObserver(showsClasses: showsClasses)]
    }

    /// Tells these consoles what observers do not hear: where the results of a validation are.
    func show(_ outcome: ValidationOutcome, on consoles: [any TrainingObserver]) throws {
        let terminal = Terminal.standardOutput()
        if showsText {
            for measurement in outcome.measurements {
                if let labels = measurement.labels { terminal.print("\(measurement.labelFileCount) label files saved to \(labels)") }
                if let detections = measurement.detections { terminal.print("Detections saved to \(detections)") }
            }
            for study in outcome.studies { terminal.print("Study saved to \(study)") }
            terminal.print("Results saved to \(outcome.folder)")
        }
        for case let console as JSONObserver in consoles {
            try console.validationRunDidEnd(outcome.report, folder: outcome.folder, pictures: outcome.pictures)
        }
    }
}
