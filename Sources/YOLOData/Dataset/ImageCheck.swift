import Imaging

/// What was found about one image and its labels.
///
/// - Source: the reference's `verify_image_label`; no file is ever changed.
package struct ImageCheck: Sendable {
    package enum Labels: UInt8, Hashable, Sendable { case found = 0, empty, missing, unread }

    package let path: String
    /// Upright, in pixels; zeros if it cannot be told.
    package private(set) var width = 0
    package private(set) var height = 0
    package private(set) var labels = Labels.unread
    package private(set) var objects: [LabeledObject] = []
    /// Whether the image is part of the data set.
    package private(set) var isUsable = false
    package private(set) var problems: [DataProblem] = []
    /// Of the label file as it was read.
    private(set) var labelStamp: FileStamp?
    private(set) var labelHash: UInt64 = 0

    /// - Parameter classCount: Classes of the data set; nil accepts any class.
    package init(imagePath: String, labelPath: String, classCount: Int?, policy: LabelPolicy) {
        path = imagePath
        guard readSize(policy) else { return }
        readLabels(labelPath, classCount, policy)
        if !isUsable { objects = [] }
    }

    private mutating func readSize(_ policy: LabelPolicy) -> Bool {
        var damage: String?
        do throws(ImagingError) {
            let file = try ImageFile.check(path)
            (width, height) = (file.width, file.height)
            // Without its end marker a JPEG may be cut short, or just have stray bytes behind it: decoding tells.
            if !file.endsAsItShould { damage = try ImageFile.damage(ofJPEG: path) }
        } catch {
            problems.append(DataProblem(error.isAboutFile ? .imageUnreadable : .imageUndecodable, file: path, error.reason))
            return false
        }
        guard width > 9, height > 9 else {
            problems.append(DataProblem(
                .imageTiny, file: path, "the image is \(width) by \(height) pixels; at least 10 by 10 are needed"))
            return false
        }
        guard let damage else { return true }
        guard policy != .reference else {
            problems.append(DataProblem(.imageUndecodable, file: path, "cannot be decoded whole: \(damage)"))
            return false
        }
        problems.append(DataProblem(.imageCutShort, file: path, "ends early (\(damage)); what is missing is shown gray"))
        return true
    }

    private mutating func readLabels(_ labelPath: String, _ classCount: Int?, _ policy: LabelPolicy) {
        let content: FileContent
        do throws(FileContent.Failure) {
            content = try FileContent(labelPath)
        } catch {
            switch error {
            case .missing: (labels, isUsable) = (.missing, true)
            case .unreadable(let reason): problems.append(DataProblem(.labelsUnreadable, file: labelPath, reason))
            }
            return
        }
        labelStamp = content.stamp
        labelHash = ContentHash(content.bytes).value
        let file = content.bytes.withUnsafeBufferPointer { LabelFile($0, classCount: classCount, policy: policy) }
        objects = file.objects
        labels = objects.isEmpty && file.faults.isEmpty ? .empty : .found
        isUsable = file.faults.isEmpty || (policy != .reference && !objects.isEmpty)
        for (place, fault) in file.faults.enumerated() {
            // What is left of the image would be objects without labels.
            let consequence = isUsable || place > 0 ? "" : "; its image is left out"
            problems.append(DataProblem(
                fault.problem.kind, file: labelPath, line: fault.line, "\(fault.problem)\(consequence)"))
        }
        if file.duplicateCount > 0 {
            let rows = file.duplicateCount == 1 ? "row" : "rows"
            problems.append(DataProblem(.repeatedLabels, file: labelPath, "\(file.duplicateCount) repeated \(rows) left out"))
        }
    }
}
