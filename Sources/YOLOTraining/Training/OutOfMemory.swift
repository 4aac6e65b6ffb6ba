import Imaging
import Torch
import YOLOModel

extension Error {
    /// Whether memory ran out, on the device or on the machine, wherever the error comes from.
    var isOutOfMemory: Bool {
        switch self {
        case let error as TorchError: error.kind == .outOfMemory
        case let error as ModelError:
            if case .torch(let cause) = error { cause.kind == .outOfMemory } else { false }
        case let error as ImagingError:
            if case .outOfMemory = error { true } else { false }
        default: false
        }
    }
}
