import Downloads
import Foundation

/// Annotations of VisDrone2019-DET: a text file an image, a row an object:
/// `left,top,width,height,score,category,truncation,occlusion`.
///
/// A score of 0 marks what is not to be learnt, category 0 ignored regions, and 11 other things.
struct VisDroneFormat {
    let options: ConversionOptions

    static let names = [
        "pedestrian", "people", "bicycle", "car", "van", "truck", "tricycle", "awning-tricycle", "bus", "motor",
    ]

    /// - Parameter sources: Folders with `annotations` and `images`, or a folder of such folders.
    func read(_ sources: [String]) throws(ConversionError) -> AnnotatedDataset {
        var splits: [AnnotatedSplit] = []
        for source in sources {
            let folders = [source] + SourceFiles.names(in: source).map { source.appendingPart($0) }
            let annotated = folders.filter { SourceFiles.isFolder($0.appendingPart("annotations")) }
            guard !annotated.isEmpty else {
                throw .notFound(
                    "annotations", tried: ["\(source)/annotations", "\(source)/*/annotations"],
                    hint: "give the folder that has VisDrone2019-DET-train, VisDrone2019-DET-val, …")
            }
            for folder in annotated { splits.append(split(folder)) }
        }
        return AnnotatedDataset(names: Self.names, splits: splits)
    }

    private func split(_ folder: String) -> AnnotatedSplit {
        let annotations = folder.appendingPart("annotations")
        let imageFolder = options.imageFolder ?? folder.appendingPart("images")
        let files = SourceFiles.files(in: annotations, suffix: "txt")
        let images = concurrentMap(files) { file in
            let stem = file.lastPart.withoutPathSuffix
            let found = ImageFolder(imageFolder).find(stem: stem)
            return AnnotatedImage(name: found?.name ?? stem + ".jpg", path: found?.path)
        }
        let name = Self.splitName(URL(fileURLWithPath: folder).path.lastPart)
        return AnnotatedSplit(
            folder: name, roles: AnnotatedSplit.roles(ofName: name), source: folder, images: images, imageFolders: [imageFolder]
        ) { index in
            Self.objects(in: files[index])
        }
    }

    /// `train` for `VisDrone2019-DET-train`.
    static func splitName(_ folder: String) -> String {
        folder.firstRange(of: "-DET-").map { String(folder[$0.upperBound...]) } ?? folder
    }

    private static func objects(in file: String) -> ImageObjects {
        var result = ImageObjects()
        do throws(ConversionError) {
            try MappedText(file).withBytes { bytes in
                for row in CSVRows(bytes) { add(row, file, &result) }
            }
        } catch {
            result.tally.count(.unusableImage, "\(error)")
        }
        return result
    }

    private static func add(_ row: CSVRows.Row, _ file: String, _ result: inout ImageObjects) {
        let numbers = (0..<6).compactMap(row.number)
        guard numbers.count == 6 else {
            return result.tally.count(
                .unusable, "\(file):\(row.line): a row is left,top,width,height,score,category,…, six numbers at least")
        }
        guard numbers[4] != 0, numbers[5] != 0, numbers[5] != 11 else { return result.tally.count(.ignored) }
        guard let category = Int(exactly: numbers[5]), 1...names.count ~= category else {
            return result.tally.count(.unusable, "\(file):\(row.line): category \(row.values[5]) is none of 0 to 11")
        }
        let box = PixelBox(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])
        result.objects.append(AnnotatedObject(classIndex: category - 1, box: box, place: .line(row.line)))
    }
}
