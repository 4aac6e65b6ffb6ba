import Detection
import Foundation
import GoldenFixtures
import Imaging
import Testing
@testable import YOLOData

@Suite("Real images", .enabled(if: Fixtures.areAvailable, Comment(rawValue: Fixtures.reasonToSkip)))
struct DatasetTests {
    private func coco128() throws -> DatasetDescription {
        try DatasetDescription(contentsOf: Fixtures.data.appendingPathComponent("coco128.yaml").path)
    }

    @Test("coco128 is found and counted")
    func counts() throws {
        let description = try coco128()
        #expect(description.classCount == 80)
        #expect(description.names[79] == "toothbrush")
        let set = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
        let golden = try Fixtures.json("dataset")
        #expect(set.imageCount == golden["train"]["images"].int)
        #expect(set.labelCount == golden["train"]["labels"].int)
        #expect(set.labelCountByClass.reduce(0, +) == set.labelCount)
        #expect(set.images.map { ($0.path as NSString).lastPathComponent } == golden["image_order"].strings)
        let background = set.images.filter(\.objects.isEmpty).map { ($0.path as NSString).lastPathComponent }
        #expect(background == golden["train"]["images_without_labels"].strings)
        #expect(set.report.problems == [])
        #expect(set.summary == "train: 128 images, 929 labels (label files: \(set.foundCount) found, \(set.missingCount) missing, "
            + "\(set.emptyCount) empty; 0 images dropped)")
    }

    @Test("validation batches have the shapes and the order of the reference")
    func rectangles() throws {
        let description = try coco128()
        let set = try LabeledImageSet(description.validation, of: description, name: "val", requiresLabels: false)
        let golden = try Fixtures.json("dataset")
        let plans = try ValidationDataset(set, imageSize: 640, batchSize: 16, stride: 32, padding: 0.5).batches(epoch: 0)
        #expect(plans.map { [$0.height, $0.width] } == golden["val_rect"]["batch_shapes_hw"].array.map(\.ints))
        let order = plans.flatMap(\.indices)
        // Images of equal shape may change places.
        #expect(order.map { [set.images[$0].width, set.images[$0].height] }.map { Double($0[1]) / Double($0[0]) }
            == golden["val_rect"]["shapes_wh"].array.map { $0[1].double / $0[0].double })
        #expect(Set(order).count == 128)

        let others = try ValidationDataset(set, imageSize: 416, batchSize: 12, stride: 64, padding: 0).batches(epoch: 0)
        #expect(others.map { [$0.height, $0.width] } == golden["val_rect_416_b12_s64_p0"]["batch_shapes_hw"].array.map(\.ints))
    }

    @Test("training batches are the same bytes with 1, 2 and 8 workers, with and without caches", arguments: [
        BatchShape.square, .rectangular(stride: 32), .quad,
    ])
    func workerIndependence(shape: BatchShape) throws {
        let description = try coco128()
        let folder = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let list = folder.appendingPathComponent("some.txt")
        let some = try ImagePaths.list(description.train).prefix(20).joined(separator: "\n")
        try some.write(to: list, atomically: true, encoding: .utf8)
        let set = try LabeledImageSet([list.path], of: description, name: "train", requiresLabels: true)
        var options = AugmentationOptions()
        (options.mixup, options.degrees, options.mosaic) = (0.3, 5, 0.8)
        func run(workers: Int, cache: ImageCacheSettings) throws -> [UInt64] {
            var data = TrainingDataOptions()
            (data.imageSize, data.batchSize, data.augmentation, data.seed) = (160, 8, options, 7)
            (data.cache, data.shape) = (cache, shape)
            let loader = try DataLoader(training: set, data, workers: workers, epochs: 2)
            var hashes: [UInt64] = []
            for epoch in 0..<2 {
                var batches = loader.batches(epoch: epoch)
                while let batch = try batches.next() { hashes.append(hash(batch)) }
            }
            return hashes
        }
        let one = try run(workers: 1, cache: .none)
        #expect(Set(one).count == 6)
        #expect(try run(workers: 2, cache: .none) == one)
        #expect(try run(workers: 8, cache: .none) == one)
        var someInMemory = ImageCacheSettings.ram, onDisk = ImageCacheSettings.disk
        someInMemory.budget = .bytes(400_000)
        onDisk.location = .folder(folder.path)
        for cache in [.ram, someInMemory, onDisk] {
            #expect(try run(workers: 1, cache: cache) == one, "\(cache)")
            #expect(try run(workers: 8, cache: cache) == one, "\(cache)")
        }
    }

    /// FNV-1a over pixels, paths and targets.
    private func hash(_ batch: Batch) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        batch.withPixels { $0.forEach(add) }
        "\(batch.images.map(\.path)) \(batch.targets)".utf8.forEach(add)
        return hash
    }
}

@Suite("A data set with faults")
struct FaultyDatasetTests {
    /// Runs `body` on a folder of `count` small images, whose `labels` folder it may fill.
    private func withImages(_ count: Int, _ body: (URL, DatasetDescription) throws -> Void) throws {
        let root = try Fixtures.temporaryFolder()
        defer { try? FileManager.default.removeItem(at: root) }
        for folder in ["images", "labels"] {
            try FileManager.default.createDirectory(at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        for index in 0..<count {
            let image = Image(width: 20, height: 16, filledWith: Color(gray: UInt8(index)))
            try ImageFile.write(image, to: root.appendingPathComponent("images/\(index).png").path)
        }
        let folder = root.appendingPathComponent("images").path
        try body(root, DatasetDescription(file: "set.yaml", train: [folder], validation: [folder], names: ["cat", "dog"]))
    }

    private func write(_ text: String, _ name: String, _ root: URL) throws {
        try text.write(to: root.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    @Test("images without a label file are background, unusable ones are dropped with a warning")
    func counts() throws {
        try withImages(5) { root, description in
            try write("1 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.2 0.2\n", "labels/0.txt", root)
            try write("", "labels/1.txt", root)
            try write("0 1.5 0.5 0.2 0.2\n", "labels/2.txt", root)
            try write("no picture", "images/9.jpg", root)
            let set = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
            #expect((set.imageCount, set.labelCount) == (4, 2))
            #expect((set.foundCount, set.missingCount, set.emptyCount, set.corruptCount) == (3, 2, 1, 2))
            #expect(set.labelCountByClass == [1, 1])
            let problems = set.report.problems.map(\.description)
            #expect(problems.count == 3)
            #expect(problems[0].hasSuffix("labels/0.txt: 1 repeated row left out"))
            #expect(problems[1].contains("labels/2.txt:1: coordinate 1.5 is above 1"))
            #expect(problems[1].hasSuffix("; its image is left out"))
            #expect(problems[2].contains("images/9.jpg"))
            #expect(set.report.lines(first: 1) == [
                "train: 1 image that cannot be decoded, 1 row with a coordinate above 1, 1 label file with repeated rows",
                "    \(problems[0])", "    and 2 more",
            ])
        }
    }

    private func read(
        _ description: DatasetDescription, _ policy: LabelPolicy = .rows, isSingleClass: Bool = false
    ) throws(DataError) -> LabeledImageSet {
        var options = LabelOptions()
        (options.policy, options.isSingleClass) = (policy, isSingleClass)
        return try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true, options: options)
    }

    @Test("a wrong row costs itself, the image, or the training, as the policy says")
    func policies() throws {
        try withImages(3) { root, description in
            for index in 0..<3 { try write("1 0.5 0.5 0.2 0.2\n0 0.5 0.5 0.4 0.4\n", "labels/\(index).txt", root) }
            try write("1 0.5 0.5 0.2 0.2\n0 0.5 -0.5 0.4 0.4\n", "labels/1.txt", root)
            let rows = try read(description)
            #expect((rows.imageCount, rows.labelCount, rows.corruptCount) == (3, 5, 0))
            let reference = try read(description, .reference)
            #expect((reference.imageCount, reference.labelCount, reference.corruptCount) == (2, 4, 1))
            let error = #expect(throws: DataError.self) { try read(description, .strict) }
            #expect(error?.description.contains("labels/1.txt:2: negative value -0.5") == true)
        }
    }

    @Test("a class that the data set does not have is left out, or ends the training of the reference's policy")
    func classOutOfRange() throws {
        try withImages(2) { root, description in
            try write("1 0.5 0.5 0.2 0.2\n2 0.5 0.5 0.2 0.2\n", "labels/1.txt", root)
            let set = try read(description)
            #expect(set.labelCount == 1)
            #expect(set.report.problems.map(\.description).first?.contains(
                "labels/1.txt:2: class 2, but the data set has 2 classes (0 to 1)") == true)
            let error = #expect(throws: DataError.self) { try read(description, .reference) }
            #expect(error?.description.contains("labels/1.txt:2: class 2, but the data set has 2 classes") == true)
            #expect(try read(description, isSingleClass: true).labelCountByClass == [2])
        }
    }

    @Test("labels that are mostly wrong are those of another data set, and end the training")
    func mostlyWrong() throws {
        try withImages(2) { root, description in
            try write("1 0.5 0.5 0.2 0.2\n2 0.5 0.5 0.2 0.2\n3 0.5 0.5 0.2 0.2\n", "labels/1.txt", root)
            let error = #expect(throws: DataError.self) { try read(description) }
            #expect(error?.description.hasPrefix("2 of 3 rows in the train labels cannot be used") == true)
        }
    }

    @Test("no labels at all: the message names the files that were looked for")
    func noLabels() throws {
        try withImages(4) { _, description in
            let error = #expect(throws: DataError.self) {
                try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
            }
            let message = error?.description ?? ""
            #expect(message.hasPrefix("no labels for the 4 train images; tried "))
            #expect(message.contains("/labels/0.txt, ") && message.contains("/labels/2.txt: "))
            let set = try LabeledImageSet(description.validation, of: description, name: "val", requiresLabels: false)
            #expect(set.labelCount == 0)
            #expect(set.warning?.hasPrefix("mAP will be 0: no labels for the 4 val images; tried ") == true)
        }
    }

    @Test("no labels: the message names files near the images that may be them")
    func hints() throws {
        try withImages(2) { root, description in
            try FileManager.default.createDirectory(at: root.appendingPathComponent("Annotations"), withIntermediateDirectories: true)
            try write("<annotation/>", "Annotations/0.xml", root)
            let error = #expect(throws: DataError.self) { try read(description) }
            let message = error?.description ?? ""
            #expect(message.contains("near the first image there is \(root.path)/Annotations/0.xml"))
            #expect(message.hasSuffix("which 'yolov5 data convert' may turn into labels"))
        }
    }

    @Test("a folder without images: the message says what was looked for")
    func noImages() throws {
        try withImages(0) { root, _ in
            let error = #expect(throws: DataError.self) { try ImagePaths.list([root.path]) }
            #expect(error?.description
                == "no images found in \(root.path); looked for files ending in "
                + ".bmp, .dng, .jpeg, .jpg, .mpo, .pfm, .png, .tif, .tiff, .webp")
        }
    }

    @Test("a list names images from its own folder on, folders are searched in depth")
    func lists() throws {
        try withImages(2) { root, _ in
            try write("./images/1.png\n\n\(root.path)/images/0.png\n", "list.txt", root)
            let expected = ["images/0.png", "images/1.png"].map { root.path + "/" + $0 }
            #expect(try ImagePaths.list([root.path + "/list.txt"]) == expected)
            #expect(try ImagePaths.list([root.path]) == expected)
            try write("\u{FEFF}./images/1.png\n", "marked.txt", root)
            #expect(try ImagePaths.list([root.path + "/marked.txt"]) == [root.path + "/images/1.png"])
        }
    }

    @Test("links are followed under their own names, each folder once, circles end")
    func links() throws {
        try withImages(2) { root, _ in
            func link(_ name: String, to target: String) throws {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(root.path)/\(name)", withDestinationPath: "\(root.path)/\(target)")
            }
            try FileManager.default.createDirectory(at: root.appendingPathComponent("set"), withIntermediateDirectories: true)
            try link("set/images", to: "images")
            try link("images/circle", to: "set")
            let linked = ["0.png", "1.png"].map { "\(root.path)/set/images/\($0)" }
            #expect(try ImagePaths.list([root.path + "/set/images"]) == linked)
            #expect(try ImagePaths.list([root.path + "/set"]) == linked)
            // A folder of the tree itself goes before links to it.
            try link("a", to: "images")
            #expect(try ImagePaths.list([root.path]) == ["0.png", "1.png"].map { "\(root.path)/images/\($0)" })
        }
    }

    /// Spoils the pixels of a PNG, so that only decoding it tells.
    private func damage(_ name: String, _ root: URL) throws {
        let file = root.appendingPathComponent(name)
        var bytes = try Data(contentsOf: file)
        for index in 43..<bytes.count - 16 { bytes[index] = 0xA5 }  // between the headers of IDAT and its checksum
        try bytes.write(to: file)
    }

    @Test("a damaged image is trained as plain gray without labels, and named once", arguments: [(1, ImageCacheSettings.none), (3, .ram)])
    func damagedTraining(workers: Int, cache: ImageCacheSettings) throws {
        try withImages(3) { root, description in
            for index in 0..<3 { try write("1 0.5 0.5 0.5 0.5\n", "labels/\(index).txt", root) }
            try damage("images/1.png", root)
            let set = try LabeledImageSet(description.train, of: description, name: "train", requiresLabels: true)
            #expect(set.imageCount == 3)
            var mosaics = AugmentationOptions.none
            mosaics.mosaic = 1
            for options in [AugmentationOptions.none, mosaics] {
                var data = TrainingDataOptions()
                (data.imageSize, data.batchSize, data.augmentation, data.cache) = (20, 3, options, cache)
                let loader = try DataLoader(training: set, data, workers: workers, epochs: 2)
                var warnings: [String] = []
                for epoch in 0..<2 {
                    var batches = loader.batches(epoch: epoch)
                    let batch = try #require(try batches.next())
                    warnings += batch.warnings
                    guard options.mosaic == 0 else { continue }
                    let place = try #require(batch.images.firstIndex { $0.path.hasSuffix("1.png") })
                    #expect(Set(batch.targets.map(\.image)) == Set(0..<3).subtracting([place]))
                    #expect(batch.withPixels { $0[(place * 1200)..<(place + 1) * 1200].allSatisfy { $0 == 114 } })
                }
                #expect(warnings.count == 1)
                #expect(warnings.first?.hasPrefix("image shown as plain gray without its labels: ") == true)
                #expect(warnings.first?.contains("images/1.png' cannot be decoded") == true)
            }
        }
    }

    @Test("a damaged image is validated as plain gray, its labels are still to be found")
    func damagedValidation() throws {
        try withImages(3) { root, description in
            for index in 0..<3 { try write("1 0.5 0.5 0.5 0.5\n", "labels/\(index).txt", root) }
            let set = try LabeledImageSet(description.validation, of: description, name: "val", requiresLabels: false)
            try write("gone", "images/1.png", root)
            let loader = try DataLoader(validation: set, imageSize: 64, batchSize: 3, workers: 2)
            var batches = loader.batches(epoch: 0)
            let batch = try #require(try batches.next())
            #expect(batch.count == 3)
            #expect(batch.targets.map(\.image) == [0, 1, 2])
            #expect(batch.warnings.count == 1)
            #expect(batch.warnings.first?.contains("its labels count as missed: ") == true)
        }
    }

    @Test("for a measurement of speed batches are squares, by path, whatever the shape of the images")
    func squares() throws {
        try withImages(3) { root, description in
            let set = try LabeledImageSet(description.validation, of: description, name: "val", requiresLabels: false)
            let loader = try DataLoader(validation: set, imageSize: 96, batchSize: 2, padding: 0, isSquare: true, workers: 2)
            var batches = loader.batches(epoch: 0)
            var names: [[String]] = []
            while let batch = try batches.next() {
                #expect(batch.width == 96 && batch.height == 96)
                names.append(batch.images.map { String($0.path.suffix(5)) })
            }
            #expect(names == [["0.png", "1.png"], ["2.png"]])
        }
    }

    @Test("an image that cannot be read any more stops the loader, and is named")
    func unreadable() throws {
        try withImages(3) { root, description in
            let set = try LabeledImageSet(description.validation, of: description, name: "val", requiresLabels: false)
            try FileManager.default.removeItem(at: root.appendingPathComponent("images/1.png"))
            let loader = try DataLoader(validation: set, imageSize: 64, batchSize: 3, workers: 2)
            var batches = loader.batches(epoch: 0)
            let error = #expect(throws: DataError.self) { try batches.next() }
            #expect(error?.description.contains("images/1.png' cannot be read") == true)
        }
    }
}
