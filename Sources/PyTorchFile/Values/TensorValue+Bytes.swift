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

    /// Walks the elements in row-major order, one row of the last axis after the other.
    private func copyStrided(from source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawBufferPointer) {
        var axes = essentialAxes
        guard count > 0, let input = source.baseAddress, let output = destination.baseAddress, let row = axes.popLast()
        else { return }
        var index = [Int](repeating: 0, count: axes.count)
        var position = offset
        for rowNumber in 0..<count / row.size {
            let from = input + position * dtype.size
            let to = output + rowNumber * row.size * dtype.size
            switch dtype.size {
            case 1: Self.copyRow(UInt8.self, from, to, count: row.size, stride: row.stride)
            case 2: Self.copyRow(UInt16.self, from, to, count: row.size, stride: row.stride)
            case 4: Self.copyRow(UInt32.self, from, to, count: row.size, stride: row.stride)
            default: Self.copyRow(UInt64.self, from, to, count: row.size, stride: row.stride)
            }
            for axis in axes.indices.reversed() {
                index[axis] += 1
                position += axes[axis].stride
                if index[axis] < axes[axis].size { break }
                position -= axes[axis].size * axes[axis].stride
                index[axis] = 0
            }
        }
    }

    /// The fewest axes that describe the same elements: those of one element are left out, and neighbours that one step
    /// runs through are joined. What is left is short (every axis at least doubles the count) and makes long rows.
    private var essentialAxes: [(size: Int, stride: Int)] {
        var axes: [(size: Int, stride: Int)] = []
        for (size, stride) in zip(shape, strides) where size != 1 {
            if let last = axes.last, last.stride == size * stride {
                axes[axes.count - 1] = (last.size * size, stride)
            } else {
                axes.append((size, stride))
            }
        }
        return axes.isEmpty ? [(1, 1)] : axes
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
