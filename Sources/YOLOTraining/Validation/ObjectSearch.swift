import Detection
import Dispatch
import Torch
import YOLOData

/// An image with what was found in it and what should have been, both in pixels of the original image.
struct ExaminedImage: Sendable {
    let path: String
    /// Of the original image, in pixels.
    let width, height: Int
    /// By falling confidence.
    let objects: [DetectedObject]
    let labels: [LabeledBox]
}

/// How objects are picked from the predictions of an image.
struct SearchRule: Sendable, Hashable {
    var suppression: NonMaximumSuppression
    /// The labels count as predictions of confidence 1 (`--save-hybrid`).
    var knowsLabels = false
    /// Every object is of class 0 (`--single-cls`).
    var mergesClasses = false
}

/// Non-maximum suppression of one batch, on threads of its own, while the network works on the next batch.
final class ObjectSearch: @unchecked Sendable {
    // `@unchecked Sendable`: `images` and `duration` are written by the search and read after `wait()` has seen its end.
    private let isDone = DispatchSemaphore(value: 0)
    private var images: [ExaminedImage] = []
    private(set) var duration = Duration.zero

    /// Starts the search.
    /// - Parameter predictions: `[N, rows, 5 + classes]`, float32 on the CPU; pixels of the batch (xywh).
    init(in predictions: Tensor, of batch: Batch, by rule: SearchRule) throws(TorchError) {
        let scenes = Scenes(try predictions.contiguous(), batch)
        DispatchQueue.global(qos: .userInitiated).async { [self] in
            let start = ContinuousClock.now
            images = scenes.examined(by: rule)
            duration = start.duration(to: .now)
            isDone.signal()
        }
    }

    /// Waits for the end of the search; to be called once.
    func wait() -> [ExaminedImage] {
        isDone.wait()
        return images
    }
}

/// The predictions of a batch as plain memory.
///
/// `@unchecked Sendable`: the tensor only keeps the memory alive, which nobody writes.
private struct Scenes: @unchecked Sendable {
    private let tensor: Tensor
    private let values: UnsafeBufferPointer<Float>
    private let classCount: Int
    private let batch: Batch

    init(_ predictions: Tensor, _ batch: Batch) {
        tensor = predictions
        values = predictions.withBytes { UnsafeBufferPointer($0.bindMemory(to: Float.self)) }
        classCount = predictions.shape[2] - 5
        self.batch = batch
    }

    /// All images of the batch, on all cores.
    func examined(by rule: SearchRule) -> [ExaminedImage] {
        let valuesPerImage = values.count / batch.count
        let labels = Dictionary(grouping: batch.targets, by: \.image)
        return [ExaminedImage](unsafeUninitializedCapacity: batch.count) { places, count in
            // Each iteration initializes a place of its own.
            nonisolated(unsafe) let places = places
            DispatchQueue.concurrentPerform(iterations: batch.count) { index in
                let rows = UnsafeBufferPointer(rebasing: values[index * valuesPerImage..<(index + 1) * valuesPerImage])
                let labels = (labels[index] ?? []).map(labeledBox)
                var objects = rule.suppression(rows, classCount: classCount, priorLabels: rule.knowsLabels ? labels : [])
                if rule.mergesClasses { for place in objects.indices { objects[place].classIndex = 0 } }
                places.initializeElement(at: index, to: examined(index, objects, labels))
            }
            count = batch.count
        }
    }

    /// In pixels of the picture.
    private func labeledBox(_ target: GroundTruth) -> LabeledBox {
        LabeledBox(classIndex: target.classIndex, box: target.box.inPixels(width: Float(batch.width), height: Float(batch.height)))
    }

    /// Takes boxes back from the letterboxed picture to the image.
    private func examined(_ index: Int, _ objects: [DetectedObject], _ labels: [LabeledBox]) -> ExaminedImage {
        let image = batch.images[index]
        func inImage(_ box: Box) -> Box { image.mapping?.boxInImage(box) ?? box }
        return ExaminedImage(
            path: image.path,
            width: image.mapping?.imageWidth ?? batch.width,
            height: image.mapping?.imageHeight ?? batch.height,
            objects: objects.map {
                DetectedObject(box: inImage($0.box), confidence: $0.confidence, classIndex: $0.classIndex)
            },
            labels: labels.map { LabeledBox(classIndex: $0.classIndex, box: inImage($0.box)) })
    }
}
