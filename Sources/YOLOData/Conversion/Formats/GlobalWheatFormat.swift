import Downloads

/// Annotations of the Global Wheat Head data sets, in both of their tables:
///
/// - 2020: `image_id,width,height,bbox,source`, a row an object, with the box `"[left, top, width, height]"`. Each source
///   (`arvalis_1`, …) becomes a folder of its own; which are for training, validation and testing is as in `GlobalWheat2020.yaml`.
/// - 2021: `image_name,BoxesString,domain`, a row an image, with its boxes `x1 y1 x2 y2;x1 y1 x2 y2` or `no_box`. Each table
///   (`competition_train.csv`, …) becomes a split.
struct GlobalWheatFormat {
    let options: ConversionOptions

    func read(_ sources: [String]) throws(ConversionError) -> AnnotatedDataset {
        var splits: [AnnotatedSplit] = []
        for source in sources {
            for table in try Self.tables(of: source) { splits += try read(table) }
        }
        return AnnotatedDataset(names: ["wheat_head"], splits: splits)
    }

    private static func tables(of source: String) throws(ConversionError) -> [String] {
        guard SourceFiles.isFolder(source) else { return [source] }
        let tables = SourceFiles.files(in: source, suffix: "csv").filter { path in
            guard let text = try? MappedText(path) else { return false }
            return header(of: text) != nil
        }
        guard !tables.isEmpty else {
            throw .notFound(
                "annotations", tried: ["\(source)/*.csv"],
                hint: "give a table with the columns image_id,width,height,bbox,source or image_name,BoxesString,domain")
        }
        return tables
    }

    private enum Header {
        case objects(id: Int, width: Int?, height: Int?, box: Int, source: Int?)
        case images(name: Int, boxes: Int)
    }

    private static func header(of text: MappedText) -> Header? {
        text.withBytes { bytes in
            var rows = CSVRows(UnsafeRawBufferPointer(rebasing: bytes.prefix(4096)))
            guard let names = rows.next()?.values else { return nil }
            if let id = names.firstIndex(of: "image_id"), let box = names.firstIndex(of: "bbox") {
                return .objects(
                    id: id, width: names.firstIndex(of: "width"), height: names.firstIndex(of: "height"), box: box,
                    source: names.firstIndex(of: "source"))
            }
            if let name = names.firstIndex(of: "image_name"), let boxes = names.firstIndex(of: "BoxesString") {
                return .images(name: name, boxes: boxes)
            }
            return nil
        }
    }

    private func read(_ path: String) throws(ConversionError) -> [AnnotatedSplit] {
        let text = try MappedText(path)
        switch Self.header(of: text) {
        case .objects(let id, let width, let height, let box, let source):
            return readObjects(text, id: id, width: width, height: height, box: box, source: source)
        case .images(let name, let boxes): return [readImages(text, name: name, boxes: boxes)]
        case nil:
            throw .malformed(
                file: path, line: 1,
                problem: "the columns are neither image_id,width,height,bbox,source nor image_name,BoxesString,domain")
        }
    }
}

// MARK: - 2020

extension GlobalWheatFormat {
    /// Sources with a part in another set than that for training; `ethz_1` is in two.
    static let rolesOfSource: [String: [AnnotatedSplit.Role]] = [
        "ethz_1": [.train, .val], "utokyo_1": [.test], "utokyo_2": [.test], "nau_1": [.test], "uq_1": [.test],
    ]

    private func readObjects(
        _ text: MappedText, id: Int, width: Int?, height: Int?, box: Int, source: Int?
    ) -> [AnnotatedSplit] {
        let path = text.path
        var tables: [String: BoxTable] = [:]
        text.withBytes { bytes in
            for row in CSVRows(bytes).dropFirst() {
                let named = source.flatMap { row.values.indices.contains($0) ? row.values[$0] : nil } ?? ""
                let domain = Self.isFolderName(named) ? named : "train"
                guard row.values.indices.contains(id), row.values.indices.contains(box) else {
                    tables[domain, default: BoxTable()].countUnusable("\(path):\(row.line): the row has \(row.values.count) columns")
                    continue
                }
                // The table leaves the suffix out.
                let name = row.values[id].contains(".") ? row.values[id] : row.values[id] + ".jpg"
                let image = tables[domain, default: BoxTable()].image(
                    name, width: width.flatMap(row.number), height: height.flatMap(row.number), source: "\(path):\(row.line)")
                let numbers = row.values[box].split { "[], ".contains($0) }.compactMap { Double($0) }.filter(\.isFinite)
                guard numbers.count == 4 else {
                    tables[domain, default: BoxTable()].countUnusable("\(path):\(row.line): bbox is '\(row.values[box].prefix(60))', not [left, top, width, height]")
                    continue
                }
                let pixels = PixelBox(left: numbers[0], top: numbers[1], width: numbers[2], height: numbers[3])
                if let image { tables[domain]?.add(pixels, line: row.line, to: image) }
            }
        }
        return tables.sorted { $0.key < $1.key }.map { domain, table in
            table.split(
                folder: domain, roles: Self.rolesOfSource[domain] ?? [.train], source: path,
                imageFolders: imageFolders(path, names: [domain, "train"]))
        }
    }

    private static func isFolderName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100 && text != "images"
            && text.unicodeScalars.allSatisfy { $0.isASCII && ($0.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains($0)) }
    }
}

// MARK: - 2021

extension GlobalWheatFormat {
    private func readImages(_ text: MappedText, name: Int, boxes: Int) -> AnnotatedSplit {
        let path = text.path
        var table = BoxTable()
        text.withBytes { bytes in
            for row in CSVRows(bytes).dropFirst() {
                guard row.values.indices.contains(name), row.values.indices.contains(boxes) else {
                    table.countUnusable("\(path):\(row.line): the row has \(row.values.count) columns")
                    continue
                }
                guard let image = table.image(row.values[name], source: "\(path):\(row.line)"), row.values[boxes] != "no_box" else { continue }
                for box in row.values[boxes].split(separator: ";") {
                    let numbers = box.split(separator: " ").compactMap { Double($0) }.filter(\.isFinite)
                    guard numbers.count == 4 else {
                        table.countUnusable("\(path):\(row.line): '\(box.prefix(60))' is no box x1 y1 x2 y2")
                        continue
                    }
                    table.add(PixelBox(x1: numbers[0], y1: numbers[1], x2: numbers[2], y2: numbers[3]), line: row.line, to: image)
                }
            }
        }
        var split = path.lastPart.withoutPathSuffix
        if split.hasPrefix("competition_") { split.removeFirst("competition_".count) }
        return table.split(
            folder: split, roles: AnnotatedSplit.roles(ofName: split), source: path, imageFolders: imageFolders(path, names: [split]))
    }

    private func imageFolders(_ path: String, names: [String]) -> [String] {
        if let given = options.imageFolder { return names.map { given.appendingPart($0) } + [given] }
        let folder = SourceFiles.parent(path)
        let roots = [folder.appendingPart("images"), folder, SourceFiles.parent(folder).appendingPart("images"), SourceFiles.parent(folder)]
        return roots.flatMap { root in names.map { root.appendingPart($0) } + [root] }
    }
}
