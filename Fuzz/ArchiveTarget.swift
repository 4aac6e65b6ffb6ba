@testable import PyTorchFile

/// The whole reader of checkpoints. The pickle's checksum is not compared, so that changes of the pickle come through.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzArchive(_ start: UnsafeRawPointer?, _ count: Int) -> CInt {
    let input = UnsafeRawBufferPointer(start: start, count: count)
    do throws(PyTorchFileError) {
        let file = try PyTorchFile(bytes: input, name: "fuzz", verifiesPickle: false)
        Exploration.explore(file.root)
        try file.verify()
    } catch {
        _ = error.description
    }
    return 0
}
