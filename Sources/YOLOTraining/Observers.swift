package import YOLOReporting

/// Everybody who listens to a run.
///
///     observers { $0.epochDidStart(position) }
package struct Observers {
    private let all: [any TrainingObserver]

    package init(_ all: [any TrainingObserver]) {
        self.all = all
    }

    var needEveryLoss: Bool { all.contains(where: \.needsEveryLoss) }

    func callAsFunction(_ tell: (any TrainingObserver) -> Void) {
        for observer in all { tell(observer) }
    }
}
