import Downloads
import Foundation

/// Annotations in Pascal VOC's form: an XML file an image, in folders as VOC has them (`Annotations`, `JPEGImages` and lists of
/// images in `ImageSets/Main`), in folders `train`, `valid` and `test`, or in one folder.
struct VOCFormat {
    let options: ConversionOptions

    /// The annotation files of one split.
    private struct FileSet {
        var folder: String
        var roles: [AnnotatedSplit.Role]
        var source: String
        /// Paths of the XML files, and their paths below the split without the suffix.
        var files: [(path: String, name: String)]
        /// Beside the file's own.
        var imageFolders: [String]
    }

    private struct ReadFile: Sendable {
        var path: String
        var annotation: VOCAnnotation
        var image: AnnotatedImage
    }

    func read(_ sources: [String]) throws(ConversionError) -> AnnotatedDataset {
        var sets: [FileSet] = []
        for source in sources { sets += try fileSets(of: source) }
        mergeRepeatedFolders(&sets)
        var read: [(set: FileSet, files: [ReadFile], tally: ConversionTally)] = []
        for set in sets {
            let (files, tally) = readFiles(of: set)
            read.append((set, files, tally))
        }
        let found = Set(read.flatMap { $0.files.flatMap { $0.annotation.objects.map(\.name) } })
        let names = options.names ?? found.filter { !$0.isEmpty }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !names.isEmpty, options.names == nil || !found.isDisjoint(with: names) else {
            throw .noObjects(source: sources.joined(separator: ", "), reasons: try reasons(read.map(\.tally), found))
        }
        let classes = Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        return AnnotatedDataset(names: names, splits: read.map { split($0.set, $0.files, $0.tally, classes) })
    }

    private func reasons(_ tallies: [ConversionTally], _ found: Set<String>) throws(ConversionError) -> [String] {
        guard let names = options.names, !found.isEmpty else { return Array(tallies.flatMap(\.problems).prefix(3)) }
        return [
            "none of the classes \(names.prefix(5).joined(separator: ", ")) is in it; its classes are "
                + found.sorted().prefix(10).joined(separator: ", ") + (found.count > 10 ? ", …" : "")
        ]
    }
}

// MARK: - Files

extension VOCFormat {
    private func fileSets(of source: String) throws(ConversionError) -> [FileSet] {
        guard SourceFiles.exists(source) else {
            throw .notFound(source, tried: [source], hint: "give an XML file, or a folder of them")
        }
        guard SourceFiles.isFolder(source) else {
            return [
                FileSet(
                    folder: "train", roles: [.train], source: source, files: [(source, source.lastPart.withoutPathSuffix)], imageFolders: [])
            ]
        }
        // VOCdevkit has a folder for each year.
        let years = SourceFiles.names(in: source).map { source.appendingPart($0) }.filter(isYear)
        if isYear(source) { return try setsOfYear(source, suffix: year(of: source)) }
        if !years.isEmpty {
            var sets: [FileSet] = []
            for path in years { sets += try setsOfYear(path, suffix: year(of: path)) }
            giveRolesOfVOC(&sets)
            return sets
        }
        return try setsOfFolder(source)
    }

    private func isYear(_ folder: String) -> Bool { SourceFiles.isFolder(folder.appendingPart("Annotations")) }

    /// `2007` for `VOC2007`; empty for other names.
    private func year(of folder: String) -> String {
        let name = URL(fileURLWithPath: folder).path.lastPart
        return name.hasPrefix("VOC") ? String(name.dropFirst(3)) : ""
    }

    /// The lists of `ImageSets/Main`: `train`, `val` and `test` where they are, else all of them; without lists, all files.
    private func setsOfYear(_ folder: String, suffix: String) throws(ConversionError) -> [FileSet] {
        let annotations = folder.appendingPart("Annotations")
        let imageFolders = ["JPEGImages", "images"].map { folder.appendingPart($0) }
        let lists = SourceFiles.files(in: folder.appendingPart("ImageSets/Main"), suffix: "txt")
        let usual = lists.filter { ["train", "val", "test"].contains($0.lastPart.withoutPathSuffix) }
        var sets: [FileSet] = []
        for list in usual.isEmpty ? lists : usual {
            let name = list.lastPart.withoutPathSuffix
            let files = try identifiers(in: list).map { (annotations.appendingPart($0 + ".xml"), $0) }
            sets.append(
                FileSet(
                    folder: name + suffix, roles: AnnotatedSplit.roles(ofName: name), source: list, files: files,
                    imageFolders: imageFolders))
        }
        if sets.isEmpty {
            sets = try setsOfFolder(annotations)
            for index in sets.indices { sets[index].imageFolders += imageFolders }
        }
        return sets
    }

    /// The usual split of VOC, once there is a test set: everything else is for training, and testing is validation as well.
    private func giveRolesOfVOC(_ sets: inout [FileSet]) {
        guard sets.contains(where: { $0.roles == [.test] }) else { return }
        for index in sets.indices { sets[index].roles = sets[index].roles == [.test] ? [.val, .test] : [.train] }
    }

    private func identifiers(in list: String) throws(ConversionError) -> [String] {
        let text = try MappedText(list).withBytes { String(decoding: $0, as: UTF8.self) }
        var seen: Set<String> = []
        var result: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard let first = line.split(whereSeparator: \.isWhitespace).first else { continue }
            guard !first.utf8.contains(UInt8(ascii: "/")), first.utf8.count <= 240, !first.utf8.contains(0) else {
                throw .malformed(file: list, line: index + 1, problem: "'\(first.prefix(60))' is no name of an annotation")
            }
            if seen.insert(String(first)).inserted { result.append(String(first)) }
        }
        return result
    }

    /// All XML files below a folder; those in a folder called train, valid or test are a split of that name.
    private func setsOfFolder(_ folder: String) throws(ConversionError) -> [FileSet] {
        let root = URL(fileURLWithPath: folder, isDirectory: true).path
        let files = FolderSearch(root).files.filter { $0.pathSuffix == "xml" }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        guard !files.isEmpty else {
            throw .notFound(
                "annotations", tried: ["\(folder)/**/*.xml", "\(folder)/Annotations", "\(folder)/VOC*/Annotations"],
                hint: "give the folder of the XML files")
        }
        var sets: [FileSet] = []
        for file in files {
            var name = String(decoding: file.withoutPathSuffix.utf8.dropFirst(root.utf8.count + 1), as: UTF8.self)
            let parts = name.pathParts
            let isSplit = ["train", "val", "valid", "validation", "test"].contains(parts[0].lowercased()) && parts.count > 1
            let split = isSplit ? parts[0] : "train"
            if isSplit { name = parts.dropFirst().joined(separator: "/") }
            let place = sets.firstIndex { $0.folder == split } ?? sets.count
            if place == sets.count {
                let source = isSplit ? folder.appendingPart(split) : folder
                let images = ["images", "JPEGImages"].flatMap {
                    [SourceFiles.parent(source).appendingPart($0), source.appendingPart($0)]
                }
                sets.append(
                    FileSet(folder: split, roles: AnnotatedSplit.roles(ofName: split), source: source, files: [], imageFolders: images))
            }
            sets[place].files.append((file, name))
        }
        return sets
    }

    /// Several single files make one split.
    private func mergeRepeatedFolders(_ sets: inout [FileSet]) {
        var merged: [FileSet] = []
        for set in sets {
            let isSingle = set.files.count == 1 && set.files[0].path == set.source
            if isSingle, let place = merged.firstIndex(where: { $0.folder == set.folder }) {
                merged[place].files += set.files
            } else {
                merged.append(set)
            }
        }
        sets = merged
    }
}

// MARK: - Annotations

extension VOCFormat {
    private func readFiles(of set: FileSet) -> ([ReadFile], ConversionTally) {
        let folders = imageFolders(of: set)
        let files = set.files
        let results = concurrentMap(Array(files.indices)) { index in
            Result { () throws(ConversionError) in try readFile(files[index].path, name: files[index].name, folders) }
        }
        var read: [ReadFile] = []
        var tally = ConversionTally()
        for result in results {
            switch result {
            case .success(let file): read.append(file)
            case .failure(let error): tally.count(.unusableImage, "\(error)")
            }
        }
        return (read, tally)
    }

    /// Beside the folder of each file.
    private func imageFolders(of set: FileSet) -> [String] { (options.imageFolder.map { [$0] } ?? []) + set.imageFolders }

    private func readFile(_ path: String, name: String, _ folders: [String]) throws(ConversionError) -> ReadFile {
        let annotation = try VOCAnnotation(try MappedText(path))
        let stated = annotation.fileName.flatMap { try? ImageName.checked($0) }.map(\.lastPart)
        let found = image(stem: path.lastPart.withoutPathSuffix, stated: stated, in: folders + [SourceFiles.parent(path)])
        let folder = name.parentFolder
        let file = found?.name ?? stated ?? path.lastPart.withoutPathSuffix + ".jpg"
        let relative: String
        do throws(ImageName.Defect) {
            relative = try ImageName.checked(folder.appendingPart(file))
        } catch {
            throw .malformed(file: path, line: nil, problem: "its image is left out: \(error.reason)")
        }
        let image = AnnotatedImage(name: relative, path: found?.path, width: annotation.width, height: annotation.height)
        return ReadFile(path: path, annotation: annotation, image: image)
    }

    /// The image with the annotation's own name, else with the name that it states: files are renamed, and texts stay.
    private func image(stem: String, stated: String?, in folders: [String]) -> (name: String, path: String)? {
        for folder in folders {
            if let found = ImageFolder(folder).find(stem: stem) { return found }
        }
        guard let stated else { return nil }
        for folder in folders {
            if let found = ImageFolder(folder).find(stated) { return found }
        }
        return nil
    }

    private func split(
        _ set: FileSet, _ files: [ReadFile], _ tally: ConversionTally, _ classes: [String: Int]
    ) -> AnnotatedSplit {
        let options = options
        return AnnotatedSplit(
            folder: set.folder, roles: set.roles, source: set.source, images: files.map(\.image),
            imageFolders: imageFolders(of: set), tally: tally
        ) { index in
            var result = ImageObjects()
            let file = files[index]
            for (ordinal, object) in file.annotation.objects.enumerated() {
                let place = AnnotatedObject.Place.object(ordinal + 1)
                guard !object.isDifficult || options.keepsDifficult else {
                    result.tally.count(.difficult)
                    continue
                }
                guard let classIndex = classes[object.name] else {
                    if object.name.isEmpty {
                        result.tally.count(.unusable, "\(file.path): \(place) left out: it has no name")
                    } else {
                        result.tally.count(.otherClass)
                    }
                    continue
                }
                do throws(VOCAnnotation.Object.Defect) {
                    var converted = AnnotatedObject(classIndex: classIndex, box: try object.pixelBox(), place: place)
                    if options.writesPolygons {
                        converted.outline = try object.outline()
                        if converted.outline.count < 3 {
                            converted.outline = []
                            result.tally.count(.boxForOutline)
                        }
                    }
                    result.objects.append(converted)
                } catch {
                    result.tally.count(.unusable, "\(file.path): \(place) left out: \(error.reason)")
                }
            }
            return result
        }
    }
}
