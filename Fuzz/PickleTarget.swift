@testable import PyTorchFile

/// The pickle machine and the values that come of it. Tensors find sixteen bytes under every key, or as many as they ask for.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPickle(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    do throws(Defect) {
        let graph = try PickleMachine.run(input)
        var storages: [String: TensorStorage] = [:]
        let root = try ValueBuilder.value(of: graph) { (key, byteCount, _) throws(Defect) in
            guard byteCount <= 4096 else { throw .malformed("too large") }
            if let known = storages[key], known.byteCount == byteCount { return known }
            let storage = TensorStorage([UInt8](repeating: 1, count: byteCount))
            storages[key] = storage
            return storage
        }
        Exploration.explore(root)
    } catch {
        _ = error.located(in: "fuzz").description
    }
    return 0
}
