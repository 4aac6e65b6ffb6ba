import Dispatch
import Synchronization
import YOLOData
import YOLOReporting

/// Tells observers, on the thread that waits, how far the filling of an image cache is that goes on on others.
struct CacheFillingReport {
    private let name: String
    private let observers: Observers

    /// - Parameter name: Of the part of the data set.
    init(of name: String, to observers: Observers) {
        self.name = name
        self.observers = observers
    }

    /// Does the work, which may fill a cache, on another thread.
    func run<Outcome: Sendable>(_ work: @escaping @Sendable (@escaping CacheProgress) throws -> Outcome) throws -> Outcome {
        let counts = Counts()
        let finished = DispatchSemaphore(value: 0)
        // Written by the one block before the signal, read after it.
        nonisolated(unsafe) var outcome: Result<Outcome, any Error>?
        DispatchQueue.global(qos: .userInitiated).async {
            outcome = Result { try work(counts.note) }
            finished.signal()
        }
        var told = 0
        while finished.wait(timeout: .now() + .milliseconds(100)) == .timedOut { tell(counts, &told) }
        tell(counts, &told)
        guard let outcome else { preconditionFailure("the block that signals has written it") }
        return try outcome.get()
    }

    /// The first count that observers see is 0, where a filling begins for them.
    private func tell(_ counts: Counts, _ told: inout Int) {
        let (done, total) = counts.value
        guard done > told else { return }
        if told == 0 { observers { try $0.imageCacheDidAdvance(CacheFilling(name: name, done: 0, total: total)) } }
        observers { try $0.imageCacheDidAdvance(CacheFilling(name: name, done: done, total: total)) }
        told = done
    }

    private final class Counts: Sendable {
        private let counts = Mutex((done: 0, total: 0))

        var value: (done: Int, total: Int) { counts.withLock { $0 } }

        /// Threads may come in another order than they have counted.
        @Sendable func note(done: Int, total: Int) { counts.withLock { $0 = (max($0.done, done), total) } }
    }
}
