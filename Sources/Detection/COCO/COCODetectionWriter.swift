import Foundation

/// Writes detections in COCO's form, batch by batch.
///
///     let writer = try COCODetectionWriter(path: "runs/val/exp/best_predictions.json")
///     try writer.append(detections)                       // as often as there are some
///     try writer.finish()
///
/// The file appears under its name when it is finished, and never half; without `finish` nothing stays.
///
/// Source: YOLOv5 6.2, `save_one_json`, with the line breaks, or rather their lack, of Python's `json`.
public final class COCODetectionWriter {
    private let path: String
    private let temporary: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var isFirst = true
    private var isFinished = false
    private static let bufferSize = 1 << 18

    /// - Throws: `COCOError.unwritable`.
    public init(path: String) throws(COCOError) {
        self.path = path
        let url = URL(fileURLWithPath: path)
        temporary = url.deletingLastPathComponent().appendingPathComponent(".yolov5-\(UUID().uuidString)").path
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.failure(path) }
        buffer.reserveCapacity(2 * Self.bufferSize)
        buffer.append(UInt8(ascii: "["))
    }

    deinit {
        if descriptor >= 0, !isFinished {
            close(descriptor)
            unlink(temporary)
        }
    }

    /// - Throws: `COCOError.unwritable`, for example when the disk is full.
    public func append(_ detections: [COCODetection]) throws(COCOError) {
        precondition(!isFinished, "a finished file takes no more detections")
        for detection in detections {
            if !isFirst { buffer.append(contentsOf: ", ".utf8) }
            isFirst = false
            append(detection)
            if buffer.count >= Self.bufferSize { try flush() }
        }
    }

    /// Puts the file under its name, where it replaces another one. Nothing can be appended any more.
    /// - Throws: `COCOError.unwritable`.
    public func finish() throws(COCOError) {
        precondition(!isFinished, "a file is finished once")
        buffer.append(UInt8(ascii: "]"))
        try flush()
        isFinished = true
        guard close(descriptor) == 0, rename(temporary, path) == 0 else {
            let failure = Self.failure(path)
            unlink(temporary)
            throw failure
        }
    }

    private func append(_ detection: COCODetection) {
        buffer.append(contentsOf: "{\"image_id\": ".utf8)
        append(detection.imageID)
        buffer.append(contentsOf: ", \"category_id\": ".utf8)
        buffer.append(contentsOf: String(detection.categoryID).utf8)
        buffer.append(contentsOf: ", \"bbox\": [".utf8)
        append(detection.box.left)
        buffer.append(contentsOf: ", ".utf8)
        append(detection.box.top)
        buffer.append(contentsOf: ", ".utf8)
        append(detection.box.width)
        buffer.append(contentsOf: ", ".utf8)
        append(detection.box.height)
        buffer.append(contentsOf: "], \"score\": ".utf8)
        append(detection.score)
        buffer.append(UInt8(ascii: "}"))
    }

    private func append(_ id: AnnotationID) {
        switch id {
        case .number(let number): buffer.append(contentsOf: String(number).utf8)
        case .text(let text) where id.isLargeNumber: buffer.append(contentsOf: text.utf8)
        case .text(let text):
            buffer.append(UInt8(ascii: "\""))
            for byte in text.utf8 {
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): buffer += [UInt8(ascii: "\\"), byte]
                case 0..<0x20: buffer.append(contentsOf: "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8)
                default: buffer.append(byte)
                }
            }
            buffer.append(UInt8(ascii: "\""))
        }
    }

    /// With the fewest digits that tell it from other numbers; what is no number in Python's words.
    private func append(_ number: Double) {
        let text = number.isFinite ? number.description : number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
        buffer.append(contentsOf: text.utf8)
    }

    private func flush() throws(COCOError) {
        let isWritten = buffer.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let chunk = UnsafeRawBufferPointer(rebasing: rest)
                let written = write(descriptor, chunk.baseAddress, chunk.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return false }
                rest = rest.dropFirst(written)
            }
            return true
        }
        guard isWritten else { throw Self.failure(path) }
        buffer.removeAll(keepingCapacity: true)
    }

    private static func failure(_ path: String) -> COCOError {
        .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
}
