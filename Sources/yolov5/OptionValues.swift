public import ArgumentParser
public import YOLOData
public import YOLOReporting
public import YOLOTraining

// Options that take one of a few words; the help lists them.
extension ChartFormat: ExpressibleByArgument {}
extension ConversionOptions.Images: ExpressibleByArgument {}
extension LabelPolicy: ExpressibleByArgument {}
extension PrecisionMode: ExpressibleByArgument {}
extension TrainingOptions.OptimizerKind: ExpressibleByArgument {}
extension ValidationOptions.Task: ExpressibleByArgument {}

extension CacheLocation: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

extension CacheBudget: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
    public var defaultValueDescription: String { description }
}

/// What `--cache` keeps: images of both parts of the data set, or of the validation only.
enum CacheChoice: String, CaseIterable, ExpressibleByArgument {
    case none, ram, disk, val

    var imageCache: ImageCache {
        switch self {
        case .none: .none
        case .ram, .val: .ram
        case .disk: .disk
        }
    }
}
