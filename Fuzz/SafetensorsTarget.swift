@testable import PyTorchFile

/// The whole reader of `.safetensors` files, and the writer's header for what was read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    do throws(PyTorchFileError) {
        let file = try SafetensorsFile(bytes: input, name: "fuzz")
        for (name, tensor) in file.tensors.entries {
            precondition(file.tensors[name] != nil)
            Exploration.touch(tensor)
        }
        let text = SafetensorsHeader(laying: file.tensors.entries, metadata: file.metadata).encoded()
        let again = withRawBytes(of: text) { bytes in Result { () throws(Defect) in try SafetensorsHeader(reading: bytes) } }
        guard case .success(let header) = again else { fatalError("what was written cannot be read: \(again)") }
        precondition(header.entries.map(\.name) == file.tensors.entries.map(\.name))
        precondition(header.entries.map(\.shape) == file.tensors.entries.map(\.tensor.shape))
        precondition(header.metadata == file.metadata)
    } catch {
        _ = error.description
    }
    return 0
}
