import Foundation
import Imaging

/// What was found about one image and its labels.
///
/// - Source: the reference's `verify_image_label`; no file is ever changed.
package struct ImageCheck: Sendable {
    package enum Labels: Hashable, Sendable { case found, empty, missing, unread }

    /// The image if it can be used.
    package private(set) var image: LabeledImage?
    package private(set) var labels = Labels.unread
    /// Why the image cannot be used.
    package private(set) var problem: DataError?
    package private(set) var duplicateCount = 0
    private let labelPath: String

    /// - Parameter classCount: Classes of the data set; nil accepts any class.
    package init(imagePath: String, labelPath: String, classCount: Int?) {
        self.labelPath = labelPath
        do throws(DataError) {
            let size = try Self.size(of: imagePath)
            labels = FileManager.default.fileExists(atPath: labelPath) ? .found : .missing
            let file = try LabelFile(contentsOf: labelPath, classCount: classCount)
            if let file, file.objects.isEmpty { labels = .empty }
            duplicateCount = file?.duplicateCount ?? 0
            image = LabeledImage(path: imagePath, width: size.width, height: size.height, objects: file?.objects ?? [])
        } catch {
            problem = error
        }
    }

    /// A sentence on what was dropped, nil if nothing was.
    package var warning: String? {
        if let problem { return "image dropped: \(problem)" }
        guard duplicateCount > 0 else { return nil }
        return "\(labelPath): \(duplicateCount) repeated \(duplicateCount == 1 ? "label" : "labels") dropped"
    }

    /// Whether the problem says that the labels are not those of this data set.
    var stopsTraining: Bool {
        if case .label(_, _, let labelProblem) = problem { labelProblem.stopsTraining } else { false }
    }

    /// The upright size of an image with at least 10 pixels either way.
    private static func size(of path: String) throws(DataError) -> (width: Int, height: Int) {
        let size: (width: Int, height: Int)
        do throws(ImagingError) {
            size = try ImageFile.size(path)
        } catch {
            throw .image(error)
        }
        guard size.width > 9, size.height > 9 else {
            throw .tinyImage(path: path, width: size.width, height: size.height)
        }
        return size
    }
}
