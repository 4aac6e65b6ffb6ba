import Foundation
import Imaging

/// The ring of batches between the workers, who fill the newest, and the consumer, who takes the oldest.
///
/// Workers claim pictures one by one, in order, so that the next batch is always the first to be finished.
///
/// `@unchecked Sendable`: everything that changes is only touched under `condition`.
final class LoaderQueue: @unchecked Sendable {
    private let source: any SampleSource
    /// Batches that may be unfinished or waiting at a time.
    private let depth: Int
    /// Batches of epochs before this one are made ahead while the consumer is still at the epoch before.
    private let epochLimit: Int
    private let pool: BatchBufferPool

    /// Signals every change of what follows.
    private let condition = NSCondition()
    private var ring: [PendingBatch] = []
    /// Counts the calls of `begin`: only what reads the newest epoch gets batches.
    private var generation = 0
    /// The number of that epoch's batch that is taken next.
    private var takenCount = 0
    /// What a batch has warned of already.
    private var warned: Set<String> = []
    private var plans: [BatchPlan] = []
    /// The next batch to begin: number `nextIndex` of `plans`, which are those of `epoch`; nil before any is asked for.
    private var epoch: Int?
    private var nextIndex = 0
    private var isStopped = false
    private var workerCount = 0

    /// - Throws: `DataError.outOfMemory` if not even one batch fits into memory.
    init(source: any SampleSource, depth: Int, epochLimit: Int, memory: BatchMemory) throws(DataError) {
        self.source = source
        self.depth = depth
        self.epochLimit = epochLimit
        let largest = source.batches(epoch: 0).max { $0.byteCount < $1.byteCount }
        pool = BatchBufferPool(largest: largest ?? BatchPlan(indices: [], width: 0, height: 0), memory: memory)
        // Better to fail now than, for the validation, after an epoch of training.
        pool.put(try pool.take())
    }

    // MARK: Consumer

    /// Makes a batch of an epoch the next to be taken. What was made ahead stays if it begins there.
    ///
    /// - Parameters:
    ///   - first: The number of that batch.
    ///   - plans: The batches; nil for those that the source has for the epoch.
    /// - Returns: The generation that takes them.
    func begin(epoch wanted: Int, from first: Int, plans: [BatchPlan]? = nil) -> Int {
        condition.withLock {
            generation += 1
            takenCount = first
            let next = ring.first.map { ($0.epoch, $0.index) } ?? (epoch ?? -1, nextIndex)
            if next != (wanted, first) || plans != nil {
                // Workers finish the pictures that they are at; nobody will look at them.
                ring.removeAll()
                startPlanning(wanted, plans)
                nextIndex = min(first, self.plans.count)
            }
            condition.broadcast()
            return generation
        }
    }

    /// Waits for batch number `index`, the oldest, and takes it out of the ring; nil if another epoch has been begun since, or
    /// somebody else has taken it.
    func take(generation: Int, index: Int) throws(DataError) -> Batch? {
        let batch: PendingBatch? = condition.withLock {
            while generation == self.generation, index == takenCount {
                if let oldest = ring.first, oldest.isFinished {
                    ring.removeFirst()
                    takenCount += 1
                    condition.broadcast()
                    return oldest
                }
                condition.wait()
            }
            return nil
        }
        return try batch?.finished { warnings in
            condition.withLock { warnings.filter { warned.insert($0).inserted } }
        }
    }

    /// Lets the workers end, and waits until they have.
    func stop() {
        condition.withLock {
            isStopped = true
            ring.removeAll()
            condition.broadcast()
            while workerCount > 0 { condition.wait() }
        }
    }

    // MARK: Workers

    /// Called once for each worker before its thread starts.
    func addWorker() {
        condition.withLock { workerCount += 1 }
    }

    /// A worker's life: draws pictures until `stop`.
    func work() {
        condition.lock()
        while !isStopped {
            guard let (batch, place) = claim() else {
                condition.wait()
                continue
            }
            condition.unlock()
            let result = Result { () throws(DataError) in try batch.draw(place, from: source) }
            condition.lock()
            batch.record(result, at: place)
            if batch.isFinished { condition.broadcast() }
        }
        workerCount -= 1
        condition.broadcast()
        condition.unlock()
    }

    /// The next picture that nobody draws yet, nil if there is nothing to do now.
    private func claim() -> (PendingBatch, place: Int)? {
        for batch in ring {
            if let place = batch.claim() { return (batch, place) }
        }
        guard ring.count < depth, let batch = beginBatch(), let place = batch.claim() else { return nil }
        return (batch, place)
    }

    private func beginBatch() -> PendingBatch? {
        guard var epoch else { return nil }
        if nextIndex == plans.count {
            guard epoch + 1 < epochLimit else { return nil }
            epoch += 1
            startPlanning(epoch)
        }
        let batch = PendingBatch(epoch: epoch, index: nextIndex, plan: plans[nextIndex], pool: pool)
        nextIndex += 1
        ring.append(batch)
        return batch
    }

    private func startPlanning(_ epoch: Int, _ plans: [BatchPlan]? = nil) {
        self.epoch = epoch
        self.plans = plans ?? source.batches(epoch: epoch)
        nextIndex = 0
    }
}

/// A batch that is being filled. Used under the queue's lock, but for `draw`.
///
/// `@unchecked Sendable`: `draw` reads constants and writes the pixels of a place that only its caller has claimed.
private final class PendingBatch: @unchecked Sendable {
    let epoch: Int
    let index: Int
    private let plan: BatchPlan
    private let pool: BatchBufferPool
    /// A batch without memory is like one whose every picture failed.
    private let buffer: Result<BatchBuffer, DataError>
    private var claimedCount = 0
    private var finishedCount = 0
    private var results: [Result<Sample, DataError>?]

    init(epoch: Int, index: Int, plan: BatchPlan, pool: BatchBufferPool) {
        self.epoch = epoch
        self.index = index
        self.plan = plan
        self.pool = pool
        buffer = Result { () throws(DataError) in try pool.take() }
        results = Array(repeating: nil, count: plan.pictures.count)
    }

    var isFinished: Bool { finishedCount == plan.pictures.count }

    func claim() -> Int? {
        guard claimedCount < plan.pictures.count else { return nil }
        defer { claimedCount += 1 }
        return claimedCount
    }

    func draw(_ place: Int, from source: any SampleSource) throws(DataError) -> Sample {
        let pictureBytes = plan.width * plan.height * 3
        let bytes = try buffer.get().bytes
        let picture = UnsafeMutableRawBufferPointer(rebasing: bytes[place * pictureBytes..<(place + 1) * pictureBytes])
        let view = ImageView(picture.bindMemory(to: UInt8.self), width: plan.width, height: plan.height)
        return try source.draw(plan.pictures[place], epoch: epoch, on: view)
    }

    func record(_ result: Result<Sample, DataError>, at place: Int) {
        results[place] = result
        finishedCount += 1
    }

    /// - Parameter new: Leaves out the warnings that have been given before.
    /// - Throws: The error of the first picture that has one.
    func finished(new: ([String]) -> [String]) throws(DataError) -> Batch {
        let buffer = try buffer.get()
        var samples: [Sample] = []
        for case let result? in results { samples.append(try result.get()) }
        return Batch(
            epoch: epoch, index: index, plan: plan, samples: samples, warnings: new(samples.flatMap(\.warnings)),
            buffer: buffer, pool: pool)
    }
}
