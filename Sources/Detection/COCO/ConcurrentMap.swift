import Dispatch

extension DispatchQueue {
    /// The results of `body` for 0, 1, … in their order, computed on all cores.
    static func concurrentMap<Result: Sendable>(count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        [Result](unsafeUninitializedCapacity: count) { results, initializedCount in
            // Each iteration initializes a place of its own.
            nonisolated(unsafe) let places = results
            concurrentPerform(iterations: count) { places.initializeElement(at: $0, to: body($0)) }
            initializedCount = count
        }
    }
}
