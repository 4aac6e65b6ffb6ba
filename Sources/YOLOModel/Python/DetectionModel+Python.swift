public import PyTorchFile
import Torch

extension DetectionModel {
    public var pythonClass: PythonName { PythonName("models.yolo", "DetectionModel") }

    public var pythonAttributes: [PythonAttribute] {
        let names = classNames.enumerated().map { (PickleValue.int($0), PickleValue.string($1)) }
        let file = configuration.source.split(separator: "/").last.map(String.init) ?? configuration.source
        return [
            ("yaml_file", .string(file)), ("yaml", PickleValue(configuration.value)),
            ("save", .list(savedRows.map(PickleValue.int))), ("names", .dictionary(PickleDictionary(names))),
            ("inplace", true), ("stride", .tensor(TensorValue(strides.map(Float.init)))), ("nc", .int(classCount)),
        ]
    }
}

extension PickleValue {
    /// A plain value of a model's description.
    init(_ value: ConfigurationValue) {
        switch value.content {
        case .none: self = .none
        case .boolean(let value): self = .bool(value)
        case .integer(let value): self = .int(value)
        case .real(let value): self = .double(value)
        case .text(let value): self = .string(value)
        case .list(let values): self = .list(values.map(PickleValue.init))
        case .table(let entries):
            self = .dictionary(PickleDictionary(entries.map { ($0.key, PickleValue($0.value)) }))
        }
    }
}

extension TensorValue {
    /// A vector.
    init(_ numbers: [Float]) {
        self = numbers.withUnsafeBytes { TensorValue(.float32, shape: [numbers.count], copying: $0) }
    }
}
