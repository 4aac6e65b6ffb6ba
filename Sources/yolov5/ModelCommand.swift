import ArgumentParser
import Torch
import YOLOModel
import YOLOTraining

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Show the layers of a model, and what it costs.",
        usage: "yolov5 model yolov5s.yaml [--img 640] [--verbose] [--profile]",
        discussion: """
            Models that are built in are known by name: \(ModelConfiguration.builtInNames.joined(separator: ", ")). A file of \
            that name in the working folder wins.
            """)

    @Argument(help: "Model YAML, or weights (.pt, .safetensors) with one inside.")
    var model: String

    @Option(
        name: [.customLong("imgsz"), .customLong("img"), .customLong("img-size")],
        help: "Side of the image in pixels that the GFLOPs are counted for.")
    var imageSize = 640

    @Flag(help: "A line for each parameter as well: shape, mean and deviation.")
    var verbose = false

    @Flag(help: "Run the network, and add GFLOPs and milliseconds to each layer.")
    var profile = false

    @Flag(help: "Print the text of a model YAML instead, to be written to a file and changed.")
    var yaml = false

    @Option(help: "Device of --profile: cpu, or the number of a CUDA device; the first one there is, if not given.")
    var device = ""

    func validate() throws {
        let given = GivenOptions().names
        if !profile, given.contains("--device") { throw ValidationError("--device needs --profile") }
        let others = given.intersection(["--verbose", "--profile", "--imgsz", "--img", "--img-size"])
        if yaml, !others.isEmpty { throw ValidationError("--yaml prints a file and goes with no other option, found \(others.sorted()[0])") }
        guard (32...8192).contains(imageSize) else {
            throw ValidationError("--imgsz is \(imageSize); expected a whole number between 32 and 8192")
        }
    }

    func run() throws {
        if yaml { return print(try text(), terminator: "") }
        let network = try network()
        if profile {
            let compute = try ComputeDevice(device, .fp32)
            print(try network.profile(imageSize: (imageSize, imageSize), on: compute.device))
        } else {
            print(network.layerTable)
        }
        if verbose { print(try ParameterTable(network)) }
        print(network.summary(imageSize: (imageSize, imageSize)))
    }

    private var isWeights: Bool { [".pt", ".safetensors"].contains(where: model.hasSuffix) }

    /// The model YAML, or the one that weights carry.
    private func text() throws -> String {
        guard isWeights else { return try ModelConfiguration.text(named: model) }
        guard let configuration = try WeightsFile.open(model).configuration else {
            throw TrainingError.unreadable(path: model, reason: "it does not say which model its weights belong to")
        }
        return configuration.yaml
    }

    private func network() throws -> DetectionModel {
        if isWeights { return try DetectionModel(WeightsFile.open(model)) }
        let configuration = try ModelConfiguration(named: model)
        // The table does not look at weights.
        return verbose || profile ? try DetectionModel(configuration) : try DetectionModel(uninitialized: configuration)
    }
}
