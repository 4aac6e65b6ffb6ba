extension TensorValue {
    /// Lends the elements in row-major order. A contiguous tensor is lent where it lies; another one is copied first.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard isContiguous else { return try withRawBytes(of: rowMajorBytes, body) }
        return try storage.withBytes { (bytes) throws(Failure) -> Result in
            let start = min(offset * dtype.size, bytes.count)  // an empty tensor may point behind its storage
            return try body(UnsafeRawBufferPointer(rebasing: bytes[start..<start + byteCount]))
        }
    }

    /// Copies the elements in row-major order to `destination`, which must have room for `byteCount` bytes.
    public func copyBytes(to destination: UnsafeMutableRawBufferPointer) {
        precondition(destination.count >= byteCount, "\(byteCount) bytes do not fit \(destination.count)")
        if isContiguous {
            withBytes { bytes in destination.copyMemory(from: bytes) }
        } else {
            storage.withBytes { bytes in copyStrided(from: bytes, to: destination) }
        }
    }

    /// The elements as numbers, in row-major order; a boolean counts as 0 or 1.
    public var doubles: [Double] {
        switch dtype {
        case .float16: elements(UInt16.self).map { Double(Float16(bitPattern: $0)) }
        case .bfloat16: elements(UInt16.self).map { Double(Float(bitPattern: UInt32($0) << 16)) }
        case .float32: elements(Float.self).map(Double.init)
        case .float64: elements(Double.self)
        case .int8: elements(Int8.self).map(Double.init)
        case .int16: elements(Int16.self).map(Double.init)
        case .int32: elements(Int32.self).map(Double.init)
        case .int64: elements(Int64.self).map(Double.init)
        case .uint8: elements(UInt8.self).map(Double.init)
        case .bool: elements(UInt8.self).map { $0 == 0 ? 0 : 1 }
        }
    }

    private func elements<Element: BitwiseCopyable>(_: Element.Type) -> [Element] {
        [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = count
        }
    }

    private var rowMajorBytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initialized in
            copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
            initialized = byteCount
        }
    }

    /// Walks the elements in row-major order, one row of the last dimension after the other.
    private func copyStrided(from source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawBufferPointer) {
        guard count > 0, let input = source.baseAddress, let output = destination.baseAddress,
            let rowLength = shape.last, let rowStride = strides.last
        else { return }
        let outer = shape.count - 1
        var index = [Int](repeating: 0, count: outer)
        var position = offset
        for row in 0..<count / rowLength {
            let from = input + position * dtype.size
            let to = output + row * rowLength * dtype.size
            switch dtype.size {
            case 1: Self.copyRow(UInt8.self, from, to, count: rowLength, stride: rowStride)
            case 2: Self.copyRow(UInt16.self, from, to, count: rowLength, stride: rowStride)
            case 4: Self.copyRow(UInt32.self, from, to, count: rowLength, stride: rowStride)
            default: Self.copyRow(UInt64.self, from, to, count: rowLength, stride: rowStride)
            }
            for axis in stride(from: outer - 1, through: 0, by: -1) {
                index[axis] += 1
                position += strides[axis]
                if index[axis] < shape[axis] { break }
                position -= shape[axis] * strides[axis]
                index[axis] = 0
            }
        }
    }

    /// Entries of a zip file need not lie at a multiple of the element's size, hence the unaligned access.
    private static func copyRow<Element: BitwiseCopyable>(
        _: Element.Type, _ source: UnsafeRawPointer, _ destination: UnsafeMutableRawPointer, count: Int, stride: Int
    ) {
        let size = MemoryLayout<Element>.size
        if stride == 1 {
            destination.copyMemory(from: source, byteCount: count * size)
            return
        }
        for index in 0..<count {
            let element = source.loadUnaligned(fromByteOffset: index * stride * size, as: Element.self)
            destination.storeBytes(of: element, toByteOffset: index * size, as: Element.self)
        }
    }
}
