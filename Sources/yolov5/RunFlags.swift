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

    /// Who shows the run to the user.
    /// - Parameter showsClasses: as for `ConsoleObserver`.
    func consoles(showsClasses: Bool = false) -> [any TrainingObserver] {
        quiet ? [] : [ConsoleObserver(showsClasses: showsClasses)]
    }
}
