import Detection
import Downloads

/// Annotations of xView: `xView_train.geojson`, a feature an object, beside the folder `train_images` of TIFF images.
///
///     {"features": [{"properties": {"image_id": "1.tif", "type_id": 18, "bounds_imcoords": "x1,y1,x2,y2"}}]}
///
/// There is no validation set; the images are split at random after the conversion.
struct XViewFormat {
    let options: ConversionOptions

    /// - Parameter sources: The file, or the folder that has it.
    func read(_ sources: [String]) throws(ConversionError) -> AnnotatedDataset {
        guard let source = sources.first, sources.count == 1 else { throw .option("xview has one file of annotations, found \(sources.count)") }
        var path = source
        if SourceFiles.isFolder(source) {
            path = source.appendingPart("xView_train.geojson")
            guard SourceFiles.exists(path) else {
                throw .notFound("annotations", tried: [path], hint: "give the folder that has xView_train.geojson, or the file")
            }
        }
        let collection = try FeatureCollection.read(path)
        let folder = SourceFiles.parent(path)
        let folders = ["train_images", "images/train", "images"].map { folder.appendingPart($0) }
        let split = collection.table.split(
            folder: "train", roles: [.train], source: path, imageFolders: options.imageFolder.map { [$0] } ?? folders)
        return AnnotatedDataset(names: Self.names, splits: [split], needsSplitting: true)
    }

    /// Types by class number.
    private static let types: [(id: Int, name: String)] = [
        (11, "Fixed-wing Aircraft"), (12, "Small Aircraft"), (13, "Cargo Plane"), (15, "Helicopter"), (17, "Passenger Vehicle"),
        (18, "Small Car"), (19, "Bus"), (20, "Pickup Truck"), (21, "Utility Truck"), (23, "Truck"), (24, "Cargo Truck"),
        (25, "Truck w/Box"), (26, "Truck Tractor"), (27, "Trailer"), (28, "Truck w/Flatbed"), (29, "Truck w/Liquid"),
        (32, "Crane Truck"), (33, "Railway Vehicle"), (34, "Passenger Car"), (35, "Cargo Car"), (36, "Flat Car"),
        (37, "Tank car"), (38, "Locomotive"), (40, "Maritime Vessel"), (41, "Motorboat"), (42, "Sailboat"), (44, "Tugboat"),
        (45, "Barge"), (47, "Fishing Vessel"), (49, "Ferry"), (50, "Yacht"), (51, "Container Ship"), (52, "Oil Tanker"),
        (53, "Engineering Vehicle"), (54, "Tower crane"), (55, "Container Crane"), (56, "Reach Stacker"),
        (57, "Straddle Carrier"), (59, "Mobile Crane"), (60, "Dump Truck"), (61, "Haul Truck"), (62, "Scraper/Tractor"),
        (63, "Front loader/Bulldozer"), (64, "Excavator"), (65, "Cement Mixer"), (66, "Ground Grader"), (71, "Hut/Tent"),
        (72, "Shed"), (73, "Building"), (74, "Aircraft Hangar"), (76, "Damaged Building"), (77, "Facility"),
        (79, "Construction Site"), (83, "Vehicle Lot"), (84, "Helipad"), (86, "Storage Tank"), (89, "Shipping container lot"),
        (91, "Shipping Container"), (93, "Pylon"), (94, "Tower"),
    ]
    static let names = types.map(\.name)
    static let classOfType = Dictionary(uniqueKeysWithValues: types.enumerated().map { ($0.element.id, $0.offset) })
}

/// The objects of the file by image.
private struct FeatureCollection {
    private(set) var table = BoxTable()
    private let path: String
    private var ordinal = 0

    private init(path: String) { self.path = path }

    static func read(_ path: String) throws(ConversionError) -> FeatureCollection {
        var collection = FeatureCollection(path: path)
        let hasFeatures = try MappedText(path).readJSON { reader throws(JSONReader.Defect) in
            var hasFeatures = false
            guard reader.nextKind() == .object else {
                try reader.skipValue()
                return false
            }
            try reader.readObject { reader, key throws(JSONReader.Defect) in
                guard key == "features", reader.nextKind() == .array else { return try reader.skipValue() }
                hasFeatures = true
                try reader.readArray { reader throws(JSONReader.Defect) in try collection.readFeature(&reader) }
            }
            return hasFeatures
        }
        guard hasFeatures else { throw .malformed(file: path, line: nil, problem: "there is no list 'features', which GeoJSON has") }
        return collection
    }

    private mutating func readFeature(_ reader: inout JSONReader) throws(JSONReader.Defect) {
        ordinal += 1
        guard reader.nextKind() == .object else {
            table.countUnusable("\(path): feature \(ordinal) is no object")
            return try reader.skipValue()
        }
        var image: String?
        var bounds: String?
        var type: Int?
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            guard key == "properties", reader.nextKind() == .object else { return try reader.skipValue() }
            try reader.readObject { reader, key throws(JSONReader.Defect) in
                switch key {
                case "image_id": image = try reader.readString()
                case "bounds_imcoords": bounds = try reader.readString()
                case "type_id": type = try reader.readNumber().flatMap { Int(exactly: $0) }
                default: try reader.skipValue()
                }
            }
        }
        add(image: image, bounds: bounds ?? "", type: type)
    }

    private mutating func add(image: String?, bounds: String, type: Int?) {
        // Features without a box are places, not objects.
        guard !bounds.isEmpty else { return }
        let numbers = bounds.split(separator: ",").map { Double($0.trimmingPrefix(while: \.isWhitespace)) ?? .nan }
        guard numbers.count == 4, numbers.allSatisfy(\.isFinite) else {
            return table.countUnusable("\(path): feature \(ordinal) left out: bounds_imcoords is '\(bounds.prefix(60))', not x1,y1,x2,y2")
        }
        guard let image else { return table.countUnusable("\(path): feature \(ordinal) left out: it has no image_id") }
        guard let type, let classIndex = XViewFormat.classOfType[type] else {
            return table.countUnusable("\(path): feature \(ordinal) left out: type_id \(type.map(String.init) ?? "is missing or") is none of the 60 classes")
        }
        guard let place = table.image(image, source: "\(path): feature \(ordinal)") else { return }
        let box = PixelBox(x1: numbers[0], y1: numbers[1], x2: numbers[2], y2: numbers[3])
        table.add(AnnotatedObject(classIndex: classIndex, box: box, place: .feature(ordinal)), to: place)
    }
}
