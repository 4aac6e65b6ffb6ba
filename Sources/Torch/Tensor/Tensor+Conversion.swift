import CTorch

extension Tensor {
    /// The tensor itself where it already has that type.
    public func to(_ type: ScalarType) throws(TorchError) -> Tensor {
        try unary("to") { ct_to_type($0, $1, type.raw) }
    }

    /// The tensor itself where it is already there.
    /// - Parameter nonBlocking: lets a copy from pinned memory run beside the computation.
    public func to(_ device: Device, nonBlocking: Bool = false) throws(TorchError) -> Tensor {
        try unary("to") { ct_to_device($0, $1, device.raw, nonBlocking) }
    }

    /// A tensor of the CPU on a device, to which it travels beside the computation of both.
    public func sent(to device: Device) throws(TorchError) -> Tensor {
        guard device.isCUDA, count > 0 else { return try to(device) }
        // A copy from ordinary memory would wait until CUDA has done all that it was given before.
        return try unary("sent", ct_pin).to(device, nonBlocking: true)
    }

    /// The tensor itself where it already lies so in memory.
    public func contiguous(_ format: MemoryFormat = .contiguous) throws(TorchError) -> Tensor {
        try unary("contiguous") { ct_contiguous($0, $1, format.raw) }
    }

    public func cloned() throws(TorchError) -> Tensor { try unary("cloned", ct_clone) }

    /// The one element of a tensor; waits for the device.
    public func item() throws(TorchError) -> Double {
        var value = 0.0
        try check("item", lend { ct_item(&value, $0) })
        return value
    }

    /// All elements in row-major order, converted to `Element`; waits for the device.
    public func array<Element: TorchElement>(of _: Element.Type = Element.self) throws(TorchError) -> [Element] {
        let tensor = try detached().to(.cpu).to(Element.scalarType).contiguous()
        return tensor.withBytes { Array($0.bindMemory(to: Element.self)) }
    }

    /// Lends the memory of a contiguous tensor on the CPU, row-major or channels-last, to a reader or writer.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        precondition(device == .cpu, "only memory on the CPU can be lent")
        precondition(isContiguous() || isContiguous(.channelsLast), "only dense memory can be lent")
        defer { withExtendedLifetime(self) {} }
        let bytes = UnsafeMutableRawBufferPointer(start: lend(ct_tensor_bytes), count: count * scalarType.byteCount)
        return try body(bytes)
    }
}
