import Dispatch
import Foundation
import Synchronization
import YOLOData
import YOLOReporting

/// Ends the process at once on Ctrl-C or a terminating signal, and says which weights are on disk.
///
/// Weights files are renamed into place when they are complete, so there is nothing to wait for; only temporary files are removed.
final class InterruptHandler: TrainingObserver {
    private let lastSaved = LastSaved()
    private let sources: [any DispatchSourceSignal]

    init() {
        let lastSaved = lastSaved
        sources = [SIGINT, SIGTERM].map { number in
            // The default action would end the process before the handler runs.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler {
                let message = lastSaved.description
                TemporaryFile.removeAll()
                StandardError.print("\ninterrupted; \(message)")
                _exit(128 + number)
            }
            source.resume()
            return source
        }
    }

    func modelDidSave(_ saved: SavedModel) {
        if !saved.isBest { lastSaved.model.withLock { $0 = saved } }
    }

    private final class LastSaved: Sendable {
        let model = Mutex<SavedModel?>(nil)

        var description: String {
            guard let saved = model.withLock({ $0 }) else { return "no epoch is complete, so no weights were written" }
            return "the weights after epoch \(saved.epoch) are in \(saved.path)"
        }
    }
}
