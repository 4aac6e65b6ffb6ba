import CTorch

/// Memory of the host from which a CUDA device copies by itself, beside the computation.
///
/// `@unchecked Sendable`: the handle never changes; who writes to the bytes is the owner's concern, as with any memory.
public final class PinnedMemory: @unchecked Sendable {
    private let raw: CTPinned
    public let bytes: UnsafeMutableRawBufferPointer

    /// - Throws: `TorchError` where there is no CUDA device, or not so much memory.
    public init(byteCount: Int) throws(TorchError) {
        var raw = CTPinned()
        try check("PinnedMemory", ct_pinned_allocate(&raw, byteCount))
        self.raw = raw
        bytes = UnsafeMutableRawBufferPointer(start: ct_pinned_bytes(raw), count: byteCount)
    }

    deinit { ct_pinned_free(raw) }
}

/// The end of the work that a CUDA device was given so far.
///
/// `@unchecked Sendable`: the handle never changes, and libtorch lets any thread wait for it.
public final class DeviceEvent: @unchecked Sendable {
    private let raw: CTEvent

    public init(on device: Device) throws(TorchError) {
        precondition(device.isCUDA, "the CPU has done its work when a call returns")
        var raw = CTEvent()
        try check("DeviceEvent", ct_event_record(&raw, device.raw))
        self.raw = raw
    }

    deinit { ct_event_free(raw) }

    /// Waits until the device has come there.
    public func wait() throws(TorchError) { try check("wait", ct_event_wait(raw)) }
}
