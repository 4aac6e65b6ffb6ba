// A program that trains a detector and looks at what came of it:
//
//     yolov5 data shapes datasets/shapes && swift run -c release training-program datasets/shapes/shapes.yaml

import Detection
import YOLOReporting
import YOLOTraining

var options = TrainingOptions()
options.weights = ""
options.configuration = "yolov5n.yaml"
options.data = CommandLine.arguments.dropFirst().first ?? "datasets/shapes/shapes.yaml"
options.imageSize = 64
options.epochs = 2

/// Hears of every epoch, and ends the training when it is good enough.
final class GoodEnough: TrainingObserver {
    private(set) var stopRequest: StopRequest?

    func fitEpochDidEnd(_ epoch: EpochSummary) {
        let map = epoch.validation?.mean.map ?? 0
        print("epoch \(epoch.position.epoch): box loss \(epoch.losses.box), mAP@.5:.95 \(map)")
        if map > 0.9 { stopRequest = .afterEpoch }
    }
}

let outcome = try Trainer(options, observers: [GoodEnough()]).run()
for metrics in outcome.best?.classes ?? [] {
    print("class \(metrics.classIndex): AP@.5 \(metrics.ap50)")
}
print("weights: \(outcome.weights.joined(separator: ", "))")
