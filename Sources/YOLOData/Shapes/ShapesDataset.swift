import Foundation
import Imaging

/// A small detection data set that is drawn on the spot: six classes of shapes on textured grounds.
///
///     let yaml = try ShapesDataset(seed: 0).write(to: "shapes")        // then: train --data shapes/shapes.yaml
///
/// The same seed gives the same files, byte for byte.
public struct ShapesDataset: Hashable, Sendable {
    public var seed: UInt64
    /// Side of the pictures in pixels.
    public var imageSize = 320
    public var trainingCount = 256
    public var validationCount = 64

    public init(seed: UInt64 = 0) { self.seed = seed }

    /// Writes `images/train`, `images/val`, their `labels` and `shapes.yaml` into a folder, which is made if it is missing.
    ///
    /// - Returns: The path of the YAML.
    /// - Throws: `DataError` if a file cannot be written.
    @discardableResult
    public func write(to folder: String) throws(DataError) -> String {
        var pictures: [Picture] = []
        for (epoch, split) in [("train", trainingCount), ("val", validationCount)].enumerated() {
            for kind in ["images", "labels"] { try Self.makeFolder("\(folder)/\(kind)/\(split.0)") }
            pictures += (0..<split.1).map { Picture(split: split.0, epoch: epoch, index: $0) }
        }
        let results = concurrentMap(pictures) { picture in
            Result { () throws(DataError) in try write(picture, to: folder) }
        }
        for result in results { try result.get() }
        let yaml = "\(folder)/shapes.yaml"
        try Self.write(description, to: yaml)
        return yaml
    }

    private struct Picture: Sendable {
        let split: String
        /// 0 for training, 1 for validation: part of the key of its random numbers.
        let epoch: Int
        let index: Int
    }

    private func write(_ picture: Picture, to folder: String) throws(DataError) {
        var random = SampleRandom(seed: seed, epoch: picture.epoch, index: picture.index, stream: .shapes)
        let scene = ShapeScene(size: imageSize, random: &random)
        let name = "\(picture.split)/\(String(format: "%04d", picture.index))"
        do throws(ImagingError) {
            try ImageFile.write(try scene.draw(), to: "\(folder)/images/\(name).jpg", quality: 92)
        } catch {
            throw .image(error)
        }
        try Self.write(scene.labelText, to: "\(folder)/labels/\(name).txt")
    }

    private var description: String {
        let names = ShapeKind.allCases.enumerated().map { "  \($0.offset): \($0.element.rawValue)\n" }.joined()
        return """
            # \(trainingCount) training and \(validationCount) validation images, \
            \(imageSize) by \(imageSize) pixels, seed \(seed).
            train: images/train
            val: images/val
            nc: \(ShapeKind.allCases.count)
            names:
            \(names)
            """
    }

    private static func makeFolder(_ path: String) throws(DataError) {
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .fileAccess(path: path, reason: "the folder cannot be made")
        }
    }

    private static func write(_ text: String, to path: String) throws(DataError) {
        do {
            try text.write(toFile: path, atomically: false, encoding: .utf8)
        } catch {
            throw .fileAccess(path: path, reason: "cannot be written")
        }
    }
}
