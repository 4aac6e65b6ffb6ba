import Detection

/// One annotation of a COCO file, as it stands there.
struct COCOAnnotation {
    var id: AnnotationID?
    var category: AnnotationID?
    /// Left, top, width, height in pixels; nil if that is not what the file says.
    var box: [Double]?
    var isCrowd = false
    var segmentation = Segmentation.none

    enum Segmentation {
        case none
        /// Corners x1, y1, x2, y2, … of each part.
        case polygons([[Double]])
        case runs([Double], size: [Double])
        case compressedRuns(String, size: [Double])
        case unusable(String)
    }

    /// Longest list of runs of a mask that is read.
    private static let mostRuns = 1 << 20

    /// - Parameter readsSegmentation: Whether the outline is wanted; it is read in any case where there is no box.
    init(_ reader: inout JSONReader, readsSegmentation: Bool) throws(JSONReader.Defect) {
        var place: JSONReader?
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            switch key {
            case "id": id = try reader.readIdentifier()
            case "category_id": category = try reader.readIdentifier()
            case "bbox": box = try reader.readNumbers(atMost: 4)
            case "iscrowd": isCrowd = try reader.readFlag()
            case "segmentation":
                place = reader
                try reader.skipValue()
            default: try reader.skipValue()
            }
        }
        if readsSegmentation || box == nil, var place { segmentation = try Segmentation(&place) }
    }
}

extension COCOAnnotation.Segmentation {
    private static let mostNumbers = 2 * JoinedOutline.mostPoints

    init(_ reader: inout JSONReader) throws(JSONReader.Defect) {
        switch reader.nextKind() {
        case .array: try self.init(polygons: &reader)
        case .object: try self.init(mask: &reader)
        default: self = .none
        }
    }

    /// A list of lists of numbers, or of numbers, which some exports write for an outline of one part.
    private init(polygons reader: inout JSONReader) throws(JSONReader.Defect) {
        var parts: [[Double]] = []
        var flat: [Double] = []
        var isUsable = true
        var count = 0
        try reader.readArray { reader throws(JSONReader.Defect) in
            if reader.nextKind() == .array {
                guard let part = try reader.readNumbers(atMost: Self.mostNumbers) else { return isUsable = false }
                count += part.count
                if count <= Self.mostNumbers { parts.append(part) }
            } else {
                guard let number = try reader.readNumber() else { return isUsable = false }
                count += 1
                if count <= Self.mostNumbers { flat.append(number) }
            }
        }
        if !flat.isEmpty { parts.append(flat) }
        if !isUsable {
            self = .unusable("its segmentation is not lists of numbers")
        } else if count > Self.mostNumbers {
            self = .unusable("its outline has more than \(JoinedOutline.mostPoints) points")
        } else if let odd = parts.first(where: { !$0.count.isMultiple(of: 2) }) {
            self = .unusable("its segmentation has a list of \(odd.count) numbers, which are no pairs")
        } else if parts.contains(where: { !$0.allSatisfy(\.isFinite) }) {
            self = .unusable("its segmentation holds a number that is not finite")
        } else {
            self = parts.isEmpty ? .none : .polygons(parts)
        }
    }

    private init(mask reader: inout JSONReader) throws(JSONReader.Defect) {
        var size: [Double]?
        var runs: [Double]?
        var compressed: String?
        try reader.readObject { reader, key throws(JSONReader.Defect) in
            switch key {
            case "size": size = try reader.readNumbers(atMost: 2)
            case "counts":
                if reader.nextKind() == .string {
                    compressed = try reader.readString()
                } else {
                    runs = try reader.readNumbers(atMost: COCOAnnotation.mostRuns)
                }
            default: try reader.skipValue()
            }
        }
        if let size, size.count == 2, let runs, runs.count <= COCOAnnotation.mostRuns {
            self = .runs(runs, size: size)
        } else if let size, size.count == 2, let compressed, compressed.utf8.count <= 8 * COCOAnnotation.mostRuns {
            self = .compressedRuns(compressed, size: size)
        } else {
            self = .unusable("its mask lacks its 'size' of two numbers or its 'counts', or they are too many")
        }
    }

    /// The outlines of the object's parts; empty if there are none.
    ///
    /// - Throws: what is wrong with them.
    func outlines() throws(RunLengthMask.Defect) -> [[SIMD2<Double>]] {
        switch self {
        case .none: return []
        case .polygons(let parts):
            return parts.map { numbers in
                stride(from: 0, to: numbers.count, by: 2).map { SIMD2(numbers[$0], numbers[$0 + 1]) }
            }
        case .runs, .compressedRuns:
            guard let outlines = try mask()?.outlines() else { throw RunLengthMask.Defect(reason: "its mask is too ragged to be outlined") }
            return outlines
        case .unusable(let reason): throw RunLengthMask.Defect(reason: reason)
        }
    }

    /// The mask, if that is what it is.
    func mask() throws(RunLengthMask.Defect) -> RunLengthMask? {
        switch self {
        case .runs(let runs, let size):
            let (width, height) = try Self.dimensions(size)
            var lengths: [Int] = []
            lengths.reserveCapacity(runs.count)
            for run in runs {
                guard let length = Int(exactly: run) else { throw RunLengthMask.Defect(reason: "its mask has a run of \(run) pixels") }
                lengths.append(length)
            }
            return try RunLengthMask(runs: lengths, width: width, height: height)
        case .compressedRuns(let runs, let size):
            let (width, height) = try Self.dimensions(size)
            return try RunLengthMask(compressed: runs, width: width, height: height)
        default: return nil
        }
    }

    /// Stored as height and width.
    private static func dimensions(_ size: [Double]) throws(RunLengthMask.Defect) -> (width: Int, height: Int) {
        guard let height = Int(exactly: size[0]), let width = Int(exactly: size[1]) else {
            throw RunLengthMask.Defect(reason: "its mask has a size of \(size[1]) by \(size[0])")
        }
        return (width, height)
    }
}
