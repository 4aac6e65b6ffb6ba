/// Looks at everything that trainings need on this machine: the command `yolov5 doctor`.
///
/// It opens no connection, and leaves no file behind.
package struct Doctor {
    package init() {}

    /// All checks, in the order in which they are made.
    package func examine() -> [MachineCheck] {
        // CUDA comes before anything that computes: see Runtime.cudaDeviceCount.
        let cuda = CUDAExamination().checks()
        return LibtorchExamination().checks() + cuda + ProcessorExamination().checks() + PictureExamination().checks()
            + StorageExamination().checks()
    }
}
