import PyTorchFile
import Torch

/// A row of a network with what Python notes on it: number, sources, class and number of weights.
/// - Source: YOLOv5, `parse_model`.
struct NetworkRow: PythonModule {
    private let part: any PythonModule
    private let index: Int
    private let row: ModelConfiguration.Row

    init(_ part: some PythonModule, index: Int, row: ModelConfiguration.Row) {
        self.part = part
        self.index = index
        self.row = row
    }

    func visitState(_ visitor: inout StateVisitor) { part.visitState(&visitor) }

    var pythonClass: PythonName { part.pythonClass }

    /// Of a row that repeats, Python notes the class of what it repeats.
    var rowClass: PythonName { (part as? RepeatedLayer)?.layers[0].pythonClass ?? part.pythonClass }

    var pythonAttributes: [PythonAttribute] {
        let sources = row.from.map(PickleValue.int)
        return part.pythonAttributes + [
            ("i", .int(index)), ("f", row.takesList ? .list(sources) : sources[0]), ("type", .string("\(rowClass)")),
            ("np", .int(part.parameters().reduce(0) { $0 + $1.count })),
        ]
    }
}
