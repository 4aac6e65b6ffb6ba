import Dispatch

/// The results of `transform` in the order of the elements, computed on all cores.
func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ transform: @Sendable (Element) -> Result
) -> [Result] {
    let count = elements.count
    // Small pieces keep all cores busy to the end; pieces of one would spend their time on being handed out.
    let pieceLength = max(1, min(64, count / 64))
    return [Result](unsafeUninitializedCapacity: count) { results, initializedCount in
        // Each iteration initializes places of its own.
        nonisolated(unsafe) let places = results
        DispatchQueue.concurrentPerform(iterations: (count + pieceLength - 1) / pieceLength) { piece in
            for index in piece * pieceLength..<min((piece + 1) * pieceLength, count) {
                places.initializeElement(at: index, to: transform(elements[index]))
            }
        }
        initializedCount = count
    }
}

/// The same, while the thread that asked is free to say how far it is: `whileWaiting` is called on it ten times a second.
func concurrentMap<Element: Sendable, Result: Sendable>(
    _ elements: [Element], whileWaiting: () -> Void, _ transform: @escaping @Sendable (Element) -> Result
) -> [Result] {
    let finished = DispatchSemaphore(value: 0)
    // Written by the one block before the signal, read after it.
    nonisolated(unsafe) var results: [Result] = []
    DispatchQueue.global(qos: .userInitiated).async {
        results = concurrentMap(elements, transform)
        finished.signal()
    }
    while finished.wait(timeout: .now() + .milliseconds(100)) == .timedOut { whileWaiting() }
    return results
}
