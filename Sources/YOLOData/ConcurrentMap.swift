import Dispatch

/// The results of `transform` in the order of the elements, computed on all cores.
func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Result
) -> [Result] {
    let count = elements.count
    return [Result](unsafeUninitializedCapacity: count) { results, initializedCount in
        // Each iteration initializes a place of its own.
        nonisolated(unsafe) let places = results
        DispatchQueue.concurrentPerform(iterations: count) { index in
            places.initializeElement(at: index, to: transform(elements[index]))
        }
        initializedCount = count
    }
}
