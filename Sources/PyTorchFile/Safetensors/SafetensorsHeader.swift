/// What the JSON header of a `.safetensors` file says.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let dtype: TensorValue.DType
        let shape: [Int]
        /// Where the tensor's bytes lie in the data behind the header.
        let data: Range<Int>
    }

    var entries: [Entry] = []
    var metadata: [String: String] = [:]

    static let metadataKey = "__metadata__"

    /// The data must be covered by the tensors from the first to the last byte, none of it twice.
    /// - Parameter count: bytes behind the header.
    func checkData(count: Int) throws(Defect) {
        var end = 0
        for entry in entries.sorted(by: { ($0.data.lowerBound, $0.data.upperBound) < ($1.data.lowerBound, $1.data.upperBound) }) {
            guard entry.data.upperBound <= count else {
                throw .malformed(
                    "the tensor '\(entry.name)' ends at byte \(entry.data.upperBound) of \(count), the file is cut short")
            }
            guard entry.data.lowerBound >= end else {
                throw .malformed("the tensor '\(entry.name)' overlaps the one before it")
            }
            guard entry.data.lowerBound == end else {
                throw .malformed("\(entry.data.lowerBound - end) bytes before the tensor '\(entry.name)' belong to no tensor")
            }
            end = entry.data.upperBound
        }
        guard end == count else { throw .malformed("the last \(count - end) bytes belong to no tensor") }
    }
}

// MARK: Reading

extension SafetensorsHeader {
    /// - Parameter bytes: the JSON, with the spaces that fill it up.
    init(reading bytes: UnsafeRawBufferPointer) throws(Defect) {
        var scanner = JSONScanner(bytes)
        var names: Set<PythonString> = []
        try scanner.readObject { (scanner, name) throws(Defect) in
            guard names.insert(PythonString(name)).inserted else { throw .malformed("the header names '\(name)' twice") }
            if name == Self.metadataKey {
                metadata = try Self.readMetadata(&scanner)
            } else {
                guard entries.count < Limits.stateEntries else {
                    throw .unsupported("it holds more than \(Limits.stateEntries) tensors")
                }
                entries.append(try Self.readEntry(&scanner, name: name))
            }
        }
        try scanner.expectEnd()
    }

    private static func readMetadata(_ scanner: inout JSONScanner) throws(Defect) -> [String: String] {
        var metadata: [String: String] = [:]
        try scanner.readObject { (scanner, key) throws(Defect) in
            guard metadata.count < Limits.stateEntries else {
                throw .unsupported("it holds more than \(Limits.stateEntries) notes in \(metadataKey)")
            }
            guard metadata.updateValue(try scanner.readString(), forKey: key) == nil else {
                throw .malformed("the header names '\(key)' in \(metadataKey) twice")
            }
        }
        return metadata
    }

    private static func readEntry(_ scanner: inout JSONScanner, name: String) throws(Defect) -> Entry {
        guard name.utf8.count <= Limits.nameBytes else {
            throw .unsupported("a tensor's name takes more than \(Limits.nameBytes) bytes")
        }
        var code: String?
        var shape: [Int]?
        var offsets: [Int]?
        try scanner.readObject { (scanner, key) throws(Defect) in
            switch key {
            case "dtype" where code == nil: code = try scanner.readString()
            case "shape" where shape == nil: shape = try scanner.readIntegers(atMost: Limits.dimensions)
            case "data_offsets" where offsets == nil: offsets = try scanner.readIntegers(atMost: 2)
            default: throw .malformed("the tensor '\(name)' has the key '\(key)' twice or has no use for it")
            }
        }
        guard let code, let shape, let offsets, offsets.count == 2 else {
            throw .malformed("the tensor '\(name)' lacks its dtype, shape or two data_offsets")
        }
        guard let dtype = TensorValue.DType.allCases.first(where: { $0.safetensorsCode == code }) else {
            let known = TensorValue.DType.allCases.map(\.safetensorsCode).joined(separator: ", ")
            throw .unsupported("the tensor '\(name)' has the type '\(code)'; read are \(known)")
        }
        guard offsets[0] <= offsets[1], Self.byteCount(dtype, shape) == offsets[1] - offsets[0] else {
            throw .malformed("the tensor '\(name)' of type \(code) and shape \(shape) does not fit the bytes \(offsets)")
        }
        return Entry(name: name, dtype: dtype, shape: shape, data: offsets[0]..<offsets[1])
    }

    /// `nil` where the sizes, but for zeros, multiply to more than a machine can address.
    private static func byteCount(_ dtype: TensorValue.DType, _ shape: [Int]) -> Int? {
        var product = dtype.size
        for size in shape where size > 0 {
            let (next, overflows) = product.multipliedReportingOverflow(by: size)
            if overflows { return nil }
            product = next
        }
        return shape.contains(0) ? 0 : product
    }
}

extension TensorValue.DType {
    /// The format's word for the type.
    var safetensorsCode: String {
        switch self {
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float32: "F32"
        case .float64: "F64"
        case .int8: "I8"
        case .int16: "I16"
        case .int32: "I32"
        case .int64: "I64"
        case .uint8: "U8"
        case .bool: "BOOL"
        }
    }
}
