import Downloads

/// Annotations of SKU-110K: a table a split, `annotations/annotations_train.csv`, a row an object:
/// `image,x1,y1,x2,y2,class,image_width,image_height`. There is one class.
struct SKU110KFormat {
    let options: ConversionOptions

    /// - Parameter sources: Folders with `annotations` and `images`, or tables.
    func read(_ sources: [String]) throws(ConversionError) -> AnnotatedDataset {
        var splits: [AnnotatedSplit] = []
        for source in sources {
            let tables = try Self.tables(of: source)
            for table in tables { splits.append(try split(table)) }
        }
        return AnnotatedDataset(names: ["object"], splits: splits)
    }

    private static func tables(of source: String) throws(ConversionError) -> [String] {
        guard SourceFiles.isFolder(source) else { return [source] }
        for folder in [source.appendingPart("annotations"), source] {
            let tables = SourceFiles.files(in: folder, suffix: "csv").filter { $0.lastPart.hasPrefix("annotations_") }
            if !tables.isEmpty { return tables }
        }
        throw .notFound(
            "annotations", tried: ["\(source)/annotations/annotations_*.csv", "\(source)/annotations_*.csv"],
            hint: "give the folder SKU110K_fixed of the archive")
    }

    private func split(_ path: String) throws(ConversionError) -> AnnotatedSplit {
        let stem = path.lastPart.withoutPathSuffix
        let name = stem.hasPrefix("annotations_") ? String(stem.dropFirst("annotations_".count)) : stem
        var table = BoxTable()
        try MappedText(path).withBytes { bytes in
            for row in CSVRows(bytes) {
                let numbers = [1, 2, 3, 4, 6, 7].compactMap(row.number)
                guard numbers.count == 6 else {
                    table.countUnusable("\(path):\(row.line): a row is image,x1,y1,x2,y2,class,image_width,image_height")
                    continue
                }
                let image = table.image(row.values[0], width: numbers[4], height: numbers[5], source: "\(path):\(row.line)")
                let box = PixelBox(x1: numbers[0], y1: numbers[1], x2: numbers[2], y2: numbers[3])
                if let image { table.add(box, line: row.line, to: image) }
            }
        }
        let folder = SourceFiles.parent(path)
        let folders = [SourceFiles.parent(folder).appendingPart("images"), folder.appendingPart("images")]
        return table.split(
            folder: name, roles: AnnotatedSplit.roles(ofName: name), source: path,
            imageFolders: options.imageFolder.map { [$0] } ?? folders)
    }
}
