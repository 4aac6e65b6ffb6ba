import Foundation
package import YOLOReporting

/// Everybody who listens to a run.
///
///     observers { try $0.epochDidStart(position) }
///
/// One that fails is reported once and hears nothing more: no plot and no logger can stop a training.
package final class Observers {
    private var all: [any TrainingObserver]

    package init(_ all: [any TrainingObserver]) {
        self.all = all
    }

    func add(_ observer: any TrainingObserver) { all.append(observer) }

    var needEveryLoss: Bool { all.contains(where: \.needsEveryLoss) }

    /// The most urgent of what they ask for.
    var stopRequest: StopRequest? { all.compactMap(\.stopRequest).max() }

    func callAsFunction(_ tell: (any TrainingObserver) throws -> Void) {
        var failed: [ObjectIdentifier] = []
        for observer in all {
            do {
                try tell(observer)
            } catch {
                Warning.print("\(observer.name) failed and is left out from now on: \(error is CocoaError ? error.localizedDescription : "\(error)")")
                failed.append(ObjectIdentifier(observer))
            }
        }
        if !failed.isEmpty { all.removeAll { failed.contains(ObjectIdentifier($0)) } }
    }
}
