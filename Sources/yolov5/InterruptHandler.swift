import Dispatch
import Foundation
import Synchronization
import YOLOData
import YOLOReporting

/// Lets a training save before it ends on Ctrl-C or a terminating signal; a second signal ends it at once.
///
/// Outside of a training there is nothing to save: the process ends at once, with only temporary files removed.
final class InterruptHandler: TrainingObserver {
    private let state = SignalState()
    private let sources: [any DispatchSourceSignal]

    init() {
        let state = state
        sources = [SIGINT, SIGTERM].map { number in
            // The default action would end the process before the handler runs.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInteractive))
            source.setEventHandler { state.receive(number) }
            source.resume()
            return source
        }
    }

    /// What the shell expects of a process that the signal has ended: 130 or 143; nil without one.
    var exitCode: Int32? { state.received.map { 128 + $0 } }

    var stopRequest: StopRequest? { state.received == nil ? nil : .now }

    func trainingDidStart(_ plan: TrainingPlan) { state.canSave = true }

    func modelDidSave(_ saved: SavedModel) { if !saved.isBest { state.lastSaved = saved } }

    func trainingDidEnd(_ outcome: TrainingOutcome) {
        state.canSave = false
        guard outcome.ending == .interrupted, let saved = state.lastSaved else { return }
        StandardError.print("interrupted; it goes on with: yolov5 train --resume \(saved.path)")
    }

    /// What handler and training share.
    private final class SignalState: Sendable {
        private struct Values {
            var received: Int32?
            var canSave = false
            var lastSaved: SavedModel?
        }

        private let values = Mutex(Values())

        var received: Int32? { values.withLock { $0.received } }
        var canSave: Bool {
            get { values.withLock { $0.canSave } }
            set { values.withLock { $0.canSave = newValue } }
        }
        var lastSaved: SavedModel? {
            get { values.withLock { $0.lastSaved } }
            set { values.withLock { $0.lastSaved = newValue } }
        }

        func receive(_ number: Int32) {
            let (isFirst, canSave) = values.withLock { values in
                defer { values.received = values.received ?? number }
                return (values.received == nil, values.canSave)
            }
            guard !isFirst || !canSave else {
                StandardError.print("\ninterrupted: the batch at hand is finished first, and what is to be saved is saved; once more to end at once")
                return
            }
            TemporaryFile.removeAll()
            StandardError.print("\ninterrupted; \(description)")
            _exit(128 + number)
        }

        private var description: String {
            guard let saved = lastSaved else { return "no weights were written by this process" }
            return "the latest weights are in \(saved.path)"
        }
    }
}
