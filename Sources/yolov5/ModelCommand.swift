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

    @Argument(help: "Model YAML, or weights (.pt) with one inside.")
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
        guard (32...8192).contains(imageSize) else {
            throw ValidationError("--imgsz is \(imageSize); expected a whole number between 32 and 8192")
        }
    }

    func run() throws {
        if yaml { return print(try ModelConfiguration.text(named: model), terminator: "") }
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

    private func network() throws -> DetectionModel {
        let isWeights = [".pt", ".safetensors"].contains(where: model.hasSuffix)
        return isWeights
            ? try DetectionModel(WeightsFile.open(model)) : try DetectionModel(ModelConfiguration(named: model))
    }
}
