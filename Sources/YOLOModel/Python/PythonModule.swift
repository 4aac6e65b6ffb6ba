public import PyTorchFile
public import Torch

/// A part of a network as Python's YOLOv5 knows it, so that a checkpoint of ours is one of its own.
///
/// ```swift
/// struct Shuffle: SingleInputLayer {      // Python finds models.common.Shuffle
///     let groups: Int
///     var pythonAttributes: [PythonAttribute] { [("groups", .int(groups))] }
///     …
/// }
/// ```
/// Tensors and parts need not be listed: they are those of ``StateHolder/visitState(_:)``.
public protocol PythonModule: StateHolder {
    /// The class that Python makes an instance of; without your own, the type's name in `models.common`.
    var pythonClass: PythonName { get }
    /// What the instance has besides tensors and parts; without your own, nothing.
    var pythonAttributes: [PythonAttribute] { get }
}

public typealias PythonAttribute = (name: String, value: PickleValue)

extension PythonModule {
    public var pythonClass: PythonName { .named(after: self) }

    public var pythonAttributes: [PythonAttribute] { [] }
}

extension PythonName {
    /// The class of the same name in `models.common`, where the reference keeps its layers.
    static func named(after part: any StateHolder) -> PythonName {
        let type = String(describing: type(of: part))  // "C3<…>" for a generic type
        return PythonName("models.common", type.split(separator: "<").first.map(String.init) ?? type)
    }

    static let sequential = PythonName("torch.nn.modules.container", "Sequential")
    static let moduleList = PythonName("torch.nn.modules.container", "ModuleList")
}

/// Parts of several types that Python keeps in a list, which is a module of its own.
struct ModuleList: PythonModule {
    let parts: [any StateHolder]
    let pythonClass: PythonName

    init(_ parts: [any StateHolder], pythonClass: PythonName = .moduleList) {
        self.parts = parts
        self.pythonClass = pythonClass
    }

    func visitState(_ visitor: inout StateVisitor) {
        for (index, part) in parts.enumerated() { visitor.visit("\(index)", part) }
    }
}
