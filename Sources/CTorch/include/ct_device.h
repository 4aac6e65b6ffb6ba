#pragma once

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

const char *_Nonnull ct_version(void);
/// The version of libtorch that is loaded; empty where it does not say so. Looks for CUDA before.
const char *_Nonnull ct_loaded_version(void);
/// The instruction sets that libtorch's kernels use here, as libtorch calls them: AVX2, AVX512, DEFAULT.
const char *_Nonnull ct_cpu_capability(void);
void ct_manual_seed(uint64_t seed);
void ct_set_deterministic(bool deterministic);
void ct_set_thread_count(int32_t count);
int32_t ct_thread_count(void);
/// Keeps freed memory inside the process, so that each training step does not ask the kernel for fresh pages again.
void ct_keep_freed_memory(void);
/// Whether the CPU multiplies bfloat16 faster than float32.
bool ct_cpu_prefers_bfloat16(void);

/// The number of CUDA devices; 0 without a GPU, a driver or a CUDA build of libtorch.
int32_t ct_cuda_device_count(void);
/// Why libtorch's CUDA library cannot be loaded; empty where it is.
const char *_Nonnull ct_cuda_library_problem(void);
/// Why NVIDIA's driver cannot be used, in its own words; empty where it can.
const char *_Nonnull ct_cuda_driver_problem(void);
/// The newest CUDA that the driver knows, as 1000 * major + 10 * minor; 0 without a driver.
int32_t ct_cuda_driver_version(void);
/// The name of a CUDA device, ended by 0; empty where the driver does not tell.
void ct_cuda_device_name(char *_Nonnull out, int32_t capacity, CTDevice device);
/// Bytes of a CUDA device; 0 where the driver does not tell.
int64_t ct_cuda_device_memory(CTDevice device);
CTStatus ct_synchronize(CTDevice device);
/// Bytes reserved by the caching allocator on a CUDA device; 0 on the CPU.
CTStatus ct_reserved_memory(int64_t *_Nonnull out, CTDevice device);
/// The most bytes that tensors have taken on a CUDA device since `ct_reset_peak_memory`; 0 on the CPU.
CTStatus ct_peak_memory(int64_t *_Nonnull out, CTDevice device);
CTStatus ct_reset_peak_memory(CTDevice device);
/// Bytes on a CUDA device that nobody has taken, blocks that the caching allocator keeps for later included; 0 on the CPU.
CTStatus ct_free_memory(int64_t *_Nonnull out, CTDevice device);
/// Gives kept blocks back to the CUDA device.
CTStatus ct_empty_cache(CTDevice device);

#ifdef __cplusplus
}
#endif
