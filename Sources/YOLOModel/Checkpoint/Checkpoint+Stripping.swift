public import PyTorchFile
import Torch

extension Checkpoint {
    /// The finished model alone: the average in place of the model, without what only a training needs.
    /// - Parameter type: of the weights; float16 as in the reference, or see ``converted(to:learns:)``.
    /// - Source: YOLOv5 v6.2, `strip_optimizer`.
    public func stripped(to type: TensorValue.DType = .float16) throws(ModelError) -> Checkpoint {
        var result = self
        result.model = averaged ?? model
        result.averaged = nil
        result.averageUpdates = nil
        result.optimizer = nil
        result.bestFitness = nil
        result.trainingState = .none
        result.epoch = -1
        return try result.converted(to: type, learns: false)
    }

    /// The same with floating-point weights and statistics of another type; what an optimizer remembers stays float32.
    /// - Parameters:
    ///   - type: float16, bfloat16, float32 or float64.
    ///   - learns: what parameters say of themselves; nil leaves that as it is.
    public func converted(to type: TensorValue.DType, learns: Bool? = nil) throws(ModelError) -> Checkpoint {
        var result = self
        var conversion = WeightConversion(type: type, learns: learns, path: path)
        if let model { result.model = try conversion.converted(model) }
        if let averaged { result.averaged = try conversion.converted(averaged) }
        return result
    }
}

/// Changes the types of a stored model's parameters and buffers, and of nothing else that its modules carry: Python's
/// `Module.half()` leaves the strides alone as well.
private struct WeightConversion {
    let type: TensorValue.DType
    let learns: Bool?
    /// The file's name in errors.
    let path: String
    /// What is one object before is one object after.
    private var objects: [ObjectIdentifier: PythonObject] = [:]
    private var storages: [Block: TensorStorage] = [:]

    /// A block of memory as tensors of one type see it.
    private struct Block: Hashable {
        let storage: ObjectIdentifier
        let type: TensorValue.DType
    }

    init(type: TensorValue.DType, learns: Bool?, path: String) {
        self.type = type
        self.learns = learns
        self.path = path
    }

    mutating func converted(_ model: StoredModel) throws(ModelError) -> StoredModel {
        let value: PickleValue
        switch model.value {
        case .object(let module): value = .object(try converted(module))
        case .dictionary(let dictionary): value = .dictionary(try tensors(dictionary))
        default: value = model.value
        }
        do {
            return try StoredModel(value, named: "model")
        } catch {
            throw .checkpointFile(error)
        }
    }

    /// The tree is as deep as its file's reader lets it be.
    private mutating func converted(_ module: PythonObject) throws(ModelError) -> PythonObject {
        let identity = ObjectIdentifier(module)
        if let known = objects[identity] { return known }
        guard case .dictionary(var state)? = module.state else { return module }
        for key in ["_parameters", "_buffers"] {
            guard let dictionary = state[key]?.dictionary else { continue }
            state.updateValue(.dictionary(try tensors(dictionary)), forKey: .string(key))
        }
        if let modules = state["_modules"]?.dictionary {
            var children = PickleDictionary(isOrderedDict: modules.isOrderedDict)
            for (name, child) in modules.entries {
                guard case .object(let child) = child else {
                    children.updateValue(child, forKey: name)
                    continue
                }
                children.updateValue(.object(try converted(child)), forKey: name)
            }
            state.updateValue(.dictionary(children), forKey: "_modules")
        }
        let result = PythonObject(
            module.type, construction: module.construction, arguments: module.arguments, state: .dictionary(state),
            listItems: module.listItems, dictionaryItems: module.dictionaryItems)
        objects[identity] = result
        return result
    }

    private mutating func tensors(_ dictionary: PickleDictionary) throws(ModelError) -> PickleDictionary {
        var result = dictionary
        for (key, value) in dictionary.entries {
            guard case .tensor(let tensor) = value else { continue }
            result.updateValue(.tensor(try converted(tensor)), forKey: key)
        }
        return result
    }

    private mutating func converted(_ tensor: TensorValue) throws(ModelError) -> TensorValue {
        var result = tensor
        if tensor.dtype.isFloatingPoint, tensor.dtype != type {
            let storage = try converted(tensor.storage, of: tensor.dtype)
            result = tensor.replacing(storage: storage, dtype: type)
        }
        guard tensor.isParameter, let learns else { return result }
        return result.asParameter(requiresGradient: learns)
    }

    /// The whole block, so that several tensors go on sharing it.
    private mutating func converted(
        _ storage: TensorStorage, of source: TensorValue.DType
    ) throws(ModelError) -> TensorStorage {
        let block = Block(storage: ObjectIdentifier(storage), type: source)
        if let known = storages[block] { return known }
        guard storage.byteCount.isMultiple(of: source.size) else {
            throw .checkpoint(path: path, reason: "a block of \(storage.byteCount) bytes cannot hold \(source) alone")
        }
        let whole = TensorValue(source, shape: [storage.byteCount / source.size], storage: storage)
        let type = type
        let result = try tensorWork { () throws(TorchError) in
            guard let scalarType = ScalarType(type) else { preconditionFailure("\(type) is no type of weights") }
            return try TensorValue(Tensor(whole).to(scalarType)).storage
        }
        storages[block] = result
        return result
    }
}
