import Downloads
import Foundation

/// Splits a folder of images at random into lists for training, validation and testing.
///
///     print(try Autosplit(folder: "coco128/images").write())    // 116 train, 12 val images; wrote coco128/autosplit_train.txt, …
///
/// The lists lie beside the folder, and their lines begin with `./`, so that the data set can be moved. The same images, weights
/// and seed give the same lists.
/// - Source: the reference's `autosplit`; the numbers drawn are ours.
public struct Autosplit: Hashable, Sendable {
    /// Part of a data set that a list is for.
    public enum Part: String, CaseIterable, Sendable {
        case train, val, test
    }

    public var folder: String
    /// Chances of an image to be drawn for training, validation and testing, to any scale.
    public var weights = [0.9, 0.1, 0.0]
    /// Whether images without a label file are left out.
    public var annotatedOnly = false
    public var seed: UInt64 = 0

    public init(folder: String) { self.folder = folder }

    /// What the lists say.
    public struct Lists: Hashable, Sendable {
        /// Paths of the lists written, by part; a part without images has no list.
        public fileprivate(set) var files: [Part: String] = [:]
        public fileprivate(set) var counts: [Part: Int] = [:]
        /// Images without a label file that were left out.
        public fileprivate(set) var leftOut = 0
    }

    static func fileName(_ part: Part) -> String { "autosplit_\(part.rawValue).txt" }

    /// Draws the images and writes the lists, in place of those of an earlier split.
    ///
    /// - Throws: `DataError` if there are no images, the weights are no weights, or a list cannot be written.
    @discardableResult
    public func write() throws(DataError) -> Lists {
        try checkWeights()
        guard FileStatus(folder).map({ $0.kind == .folder }) ?? true else {
            throw .fileAccess(path: folder, reason: "is a file; give the folder of the images")
        }
        let root = URL(fileURLWithPath: folder, isDirectory: true).standardizedFileURL.path
        let parent = root.parentFolder
        let images = try ImagePaths.list([root])
        var lists = Lists()
        var lines: [Part: [String]] = [:]
        for (image, part) in zip(images, parts(count: images.count)) {
            if annotatedOnly, !FileManager.default.fileExists(atPath: ImagePaths.labelPath(forImage: image)) {
                lists.leftOut += 1
                continue
            }
            lines[part, default: []].append("./" + String(decoding: image.utf8.dropFirst(parent == "/" ? 1 : parent.utf8.count + 1), as: UTF8.self))
        }
        guard !lines.isEmpty else {
            throw .fileAccess(path: folder, reason: "none of its \(images.count) images has a label file; leave --annotated-only out to split all")
        }
        for part in Part.allCases {
            let path = parent.appendingPart(Self.fileName(part))
            lists.counts[part] = lines[part]?.count ?? 0
            if let text = lines[part].map({ $0.map { $0 + "\n" }.joined() }) {
                try Self.write(text, to: path)
                lists.files[part] = path
            } else {
                // An old list would be taken for one of this split.
                unlink(path)
            }
        }
        return lists
    }

    /// - Throws: `DataError.option` for weights that are none.
    package func checkWeights() throws(DataError) {
        let isUsable = weights.count == 3 && weights.allSatisfy { $0.isFinite && $0 >= 0 } && weights.contains { $0 > 0 }
        guard isUsable else {
            throw .option(
                name: "--weights", value: weights.map { "\($0)" }.joined(separator: " "),
                allowed: "three numbers from 0 up, not all 0: for training, validation and testing")
        }
    }

    /// Parts drawn one after another.
    private func parts(count: Int) -> [Part] {
        var random = SampleRandom(seed: seed, epoch: 0, index: 0, stream: .split)
        // Scaled first: the sum of large weights may be infinite.
        let largest = weights.max() ?? 1
        let scaled = weights.map { $0 / largest }
        let total = scaled.reduce(0, +)
        return (0..<count).map { _ in
            let place = random.uniform(0, total)
            if place < scaled[0] { return .train }
            if place < scaled[0] + scaled[1] { return .val }
            return scaled[2] > 0 ? .test : scaled[1] > 0 ? .val : .train
        }
    }

    private static func write(_ text: String, to path: String) throws(DataError) {
        do throws(ConversionError) {
            try AtomicFile.write(Array(text.utf8), to: path)
        } catch {
            throw .fileAccess(path: path, reason: "cannot be written: \(error)")
        }
    }
}

extension Autosplit.Lists: CustomStringConvertible {
    public var description: String {
        let parts = Autosplit.Part.allCases.filter { counts[$0] ?? 0 > 0 }
        return parts.map { "\(counts[$0] ?? 0) \($0.rawValue)" }.joined(separator: ", ") + " images"
            + (leftOut > 0 ? " (\(leftOut) without labels left out)" : "")
            + "; wrote " + parts.compactMap { files[$0] }.joined(separator: ", ")
    }
}
