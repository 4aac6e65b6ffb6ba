extension SafetensorsFile {
    /// Writes `tensors` to `path` for any reader of the format.
    ///
    ///     let weights = try StateDictionary(PyTorchFile(path: "best.pt").root["model"], named: "model")
    ///     try SafetensorsFile.write(weights, metadata: ["format": "pt"], to: "best.safetensors")
    ///
    /// The header keeps the order of `tensors`; the data begins with the widest types, so that every element lies at a
    /// multiple of its size. Views are written row-major and tied tensors each for itself, as the format has no
    /// storages. The file appears under its name only when it is complete and on the disk; until then, and when this
    /// throws, an earlier file of that name is untouched.
    public static func write(
        _ tensors: StateDictionary, metadata: [String: String] = [:], to path: String
    ) throws(PyTorchFileError) {
        let header = SafetensorsHeader(laying: tensors.entries, metadata: metadata)
        let text = header.encoded()
        guard tensors[SafetensorsHeader.metadataKey] == nil else {
            throw .cannotWrite(path: path, reason: "no tensor can have the name \(SafetensorsHeader.metadataKey)")
        }
        guard text.count <= Limits.safetensorsHeaderBytes else {
            throw .cannotWrite(path: path, reason: "the header takes more than \(Limits.safetensorsHeaderBytes) bytes")
        }
        let file = try AtomicFile(replacing: path)
        var start: [UInt8] = []
        start.put(UInt64(text.count))
        try file.write(start)
        try file.write(text)
        for (_, tensor) in tensors.entries.inDataOrder {
            try tensor.withBytes { (bytes) throws(PyTorchFileError) in try file.write(bytes) }
        }
        try file.commit()
    }
}

extension [StateDictionary.Entry] {
    /// Widest elements first, the given order among equals.
    fileprivate var inDataOrder: [StateDictionary.Entry] {
        [8, 4, 2, 1].flatMap { size in filter { $0.tensor.dtype.size == size } }
    }
}

extension SafetensorsHeader {
    /// A header for `tensors` one behind the other in the order of their data.
    init(laying tensors: [StateDictionary.Entry], metadata: [String: String]) {
        var ranges: [PythonString: Range<Int>] = [:]
        var end = 0
        for (name, tensor) in tensors.inDataOrder {
            ranges[PythonString(name)] = end..<end + tensor.byteCount
            end += tensor.byteCount
        }
        entries = tensors.map { name, tensor in
            Entry(name: name, dtype: tensor.dtype, shape: tensor.shape, data: ranges[PythonString(name)] ?? 0..<0)
        }
        self.metadata = metadata
    }

    /// The JSON, filled up with spaces to a multiple of eight bytes so that the data behind it is aligned.
    func encoded() -> [UInt8] {
        var members: [String] = []
        if !metadata.isEmpty {
            let notes = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
            members.append("\(Self.quoted(Self.metadataKey)):{\(notes.joined(separator: ","))}")
        }
        for entry in entries {
            let shape = entry.shape.map(String.init).joined(separator: ",")
            members.append(
                "\(Self.quoted(entry.name)):{\"dtype\":\"\(entry.dtype.safetensorsCode)\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(entry.data.lowerBound),\(entry.data.upperBound)]}")
        }
        var text = Array("{\(members.joined(separator: ","))}".utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - text.count % 8) % 8))
        return text
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..<" ":
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
