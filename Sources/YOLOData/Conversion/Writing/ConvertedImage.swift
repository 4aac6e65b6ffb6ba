import Foundation
import Imaging

/// One image of the data set that is written: where it and its label go, and what its label says.
struct ConvertedImage: Sendable {
    /// Its split, by place in the data set, and its own place there.
    let split: Int
    let index: Int
    /// Where the image is; nil if it was not found.
    let source: String?
    /// Where the image goes, and where training looks for its label.
    let target: String
    let labelPath: String
    let size: SIMD2<Double>?
    let name: String
    /// Whether the size that the annotations say is held against the file's.
    let checksSize: Bool

    /// What the label file says, and what there is to tell about it.
    struct Label: Sendable {
        var bytes: [UInt8] = []
        var tally = ConversionTally()
        /// Sizes that differ: what the annotations say, and what the file has.
        var sizes: (stated: SIMD2<Double>, real: SIMD2<Double>)?
    }

    func label(_ split: AnnotatedSplit, writesPolygons: Bool) -> Label {
        var label = Label()
        let found = split.objects(index)
        label.tally = found.tally
        guard !found.objects.isEmpty else { return label }
        let real = size == nil || checksSize ? source.map(Self.fileSize) : nil
        if let size, case .success(let real) = real, size != real { label.sizes = (size, real) }
        var known = size
        if known == nil, case .success(let real) = real { known = real }
        guard let known else {
            var reason = "the annotations do not say its size, and the file was not found"
            if case .failure(let error) = real { reason = "its size is unknown: \(error)" }
            label.tally.count(.unusableImage, "\(split.source): \(name) left out: \(reason)")
            return label
        }
        let rows = LabelRows(
            found.objects, width: known.x, height: known.y, writesPolygons: writesPolygons, name: "\(split.source): \(name)")
        label.bytes = rows.bytes
        label.tally.add(rows.tally)
        return label
    }

    private static func fileSize(_ path: String) -> Result<SIMD2<Double>, ImagingError> {
        Result { () throws(ImagingError) in
            let size = try ImageFile.size(path)
            return SIMD2(Double(size.width), Double(size.height))
        }
    }
}
