extension PyTorchFile {
    /// Writes `value` to `path` as `torch.save` would, for `torch.load(path, weights_only=True)` to open.
    ///
    ///     let weight = TensorValue(.float32, shape: [2, 3], copying: bytes)
    ///     try PyTorchFile.write(["epoch": 3, "model": ["weight": .tensor(weight)]], to: "last.pt")
    ///
    /// The file appears under its name only when it is complete and on the disk; until then, and when this throws, an
    /// earlier file of that name is untouched. Objects of classes outside of PyTorch are written as well; Python then
    /// needs their classes and `weights_only=False`.
    public static func write(_ value: PickleValue, to path: String) throws(PyTorchFileError) {
        try write(value, to: AtomicFile(replacing: path), path: path)
    }

    static func write(
        _ value: PickleValue, to file: AtomicFile, path: String, zip64Threshold: Int = 0xFFFF_FFFF
    ) throws(PyTorchFileError) {
        let pickle: PickleEncoder
        do throws(Defect) {
            pickle = try PickleEncoder.encode(value)
        } catch {
            guard case .unsupported(let reason) = error else { throw error.located(in: path) }
            throw .cannotWrite(path: path, reason: reason)
        }
        var archive = ZipWriter(file, zip64Threshold: zip64Threshold)
        try archive.add("archive/data.pkl", pickle.bytes)
        try archive.add("archive/byteorder", Array("little".utf8))
        for storage in pickle.storages {
            try storage.storage.withBytes { (bytes) throws(PyTorchFileError) in
                try archive.add("archive/data/\(storage.key)", bytes)
            }
        }
        try archive.add("archive/version", Array("3\n".utf8))
        try archive.finish()
        try file.commit()
    }
}
