import CTorch

/// libtorch in this process.
public enum Runtime {
    /// The version of libtorch that the program was built with.
    public static let version = String(cString: ct_version())

    /// The version of libtorch that is loaded; empty where it does not say so. To be asked for after CUDA.
    public static var loadedVersion: String { String(cString: ct_loaded_version()) }

    /// The instruction sets that libtorch's kernels use on this CPU, as libtorch calls them.
    public static var cpuCapability: String { String(cString: ct_cpu_capability()) }

    /// Starts libtorch's random generators, on all devices, from a seed.
    public static func seed(_ seed: UInt64) { ct_manual_seed(seed) }

    /// Chooses kernels that give the same bits in every run, where libtorch has them.
    public static func useDeterministicKernels(_ deterministic: Bool) { ct_set_deterministic(deterministic) }

    /// The number of threads that one operation on the CPU uses.
    public static var threadCount: Int {
        get { Int(ct_thread_count()) }
        set { ct_set_thread_count(Int32(newValue)) }
    }

    /// Keeps memory that tensors give back inside the process: a training loop wants the same blocks again at once.
    ///
    /// To be called once, before the first tensor.
    public static func keepFreedMemory() { ct_keep_freed_memory() }

    /// Whether the CPU multiplies bfloat16 faster than float32; a fact of the CPU's kind, never a measurement, so that the
    /// same command gives the same bits again.
    public static let cpuPrefersBFloat16 = ct_cpu_prefers_bfloat16()

    /// The number of CUDA devices; the first use loads libtorch's CUDA library where there is one.
    ///
    /// A program that wants CUDA asks for this before it computes anything: libtorch looks for CUDA once, at the latest with the
    /// first convolution on the CPU, and where the library is not loaded by then there is none.
    public static var cudaDeviceCount: Int { Int(ct_cuda_device_count()) }
}

/// What a computation on CUDA devices needs beside them.
public enum CUDASupport {
    /// Why libtorch's CUDA library cannot be loaded; nil where it is.
    public static var libraryProblem: String? { text(ct_cuda_library_problem()) }

    /// Why NVIDIA's driver cannot be used, in its own words; nil where it can.
    public static var driverProblem: String? { text(ct_cuda_driver_problem()) }

    /// The newest CUDA that the driver knows: `13.0`; nil without a driver.
    public static var driverVersion: String? {
        let version = ct_cuda_driver_version()
        return version > 0 ? "\(version / 1000).\(version % 1000 / 10)" : nil
    }

    private static func text(_ characters: UnsafePointer<CChar>) -> String? {
        let text = String(cString: characters)
        return text.isEmpty ? nil : text
    }
}
