import Foundation
import Imaging
import Synchronization
import YOLOReporting

/// Whether pictures can be read and drawn: OpenCV, gnuplot, fonts.
struct PictureExamination {
    func checks() -> [MachineCheck] { [codecs, charts] + fonts }

    private var codecs: MachineCheck {
        let version = ImageFile.openCVVersion
        // Even colours, which a JPEG changes little.
        let image = Image(width: 64, height: 48, pixels: (0..<48).flatMap { y in (0..<64).flatMap { x in [UInt8(4 * x), UInt8(5 * y), 128] } })
        do throws(ImagingError) {
            for (asPNG, tolerance) in [(true, 0), (false, 24)] {
                let decoded = try ImageFile.decode(bytes: ImageFile.encode(image, asPNG: asPNG), name: asPNG ? "a PNG" : "a JPEG")
                let error = zip(image.pixels, decoded.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
                guard decoded.width == image.width, decoded.height == image.height, error <= tolerance else {
                    throw .failed(operation: "read back", reason: "a \(asPNG ? "PNG" : "JPEG") comes back with other pixels")
                }
            }
            return .ok("OpenCV", "\(version); a JPEG and a PNG come back as they were written")
        } catch {
            return .problem("OpenCV", "\(version): \(error)", advice: "install it again: apt install --reinstall libopencv-imgcodecs-dev libjpeg-dev libpng-dev")
        }
    }

    private var charts: MachineCheck {
        guard ChartRenderer.remarkOnMissingProgram() == nil else {
            return .warning(
                "plots", "gnuplot is not in PATH: no charts of results and labels", advice: "apt install gnuplot-nox; or train with --noplots")
        }
        let version = ChartRenderer.programVersion() ?? "gnuplot"
        let failure = Mutex<String?>(nil)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("yolov5-doctor-\(UUID().uuidString)", isDirectory: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            return .warning("plots", "\(version); no chart can be tried: \(error.localizedDescription)", advice: "set TMPDIR to a folder that can be written")
        }
        let drawn = Self.draw(in: folder) { text in failure.withLock { $0 = text } }
        guard drawn else {
            let reason = failure.withLock { $0 }.map { ": \($0)" } ?? ""
            return .warning("plots", "\(version) draws no chart\(reason)", advice: "apt install --reinstall gnuplot-nox; or train with --noplots")
        }
        return .ok("plots", "\(version); a chart was drawn")
    }

    private static func draw(in folder: URL, onFailure: @escaping @Sendable (String) -> Void) -> Bool {
        let renderer = ChartRenderer(format: .png, timeLimit: .seconds(30), onFailure: onFailure)
        renderer.draw(LearningRateChart([.init(name: "lr0", rates: [0.1, 0.05, 0.01])]), as: "chart", in: folder)
        return renderer.finish().count == 1
    }

    private var fonts: [MachineCheck] {
        guard Canvas.hasFonts else {
            return [.warning("fonts", "none: pictures have no text", advice: PictureTools.fontAdvice)]
        }
        guard FontCoverage.isKnown else {
            return [.warning("fonts", "fontconfig cannot be asked: charts show ? for letters beyond Latin, Greek and Cyrillic", advice: "apt install fontconfig")]
        }
        guard FontCoverage.installed.covers("狗猫汽车") else {
            return [
                .warning(
                    "fonts", "Latin, but no Chinese, Japanese and Korean: charts show ? in their place", advice: "apt install fonts-wqy-microhei")
            ]
        }
        return [.ok("fonts", "Latin and Chinese")]
    }
}
