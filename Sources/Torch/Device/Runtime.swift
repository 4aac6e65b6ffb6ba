import CTorch

/// libtorch in this process.
public enum Runtime {
    /// The version of libtorch that the program was built with.
    public static let version = String(cString: ct_version())

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
