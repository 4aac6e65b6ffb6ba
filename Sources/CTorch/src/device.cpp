// The process and its devices: threads, seeds, memory, CUDA.

#include "ct_device.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <torch/version.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__x86_64__)
#include <cpuid.h>
#endif

#include <mutex>
#include <string>

#include "bridge.h"

namespace {

constexpr const char *cuda_library = "libtorch_cuda.so";
std::string cuda_library_problem;

bool cuda_library_is_loaded() {
  void *library = dlopen(cuda_library, RTLD_LAZY | RTLD_NOLOAD);
  if (library) dlclose(library);
  return library != nullptr;
}

void seed_cuda_generators(uint64_t seed) {
  auto &hooks = at::detail::getCUDAHooks();
  for (c10::DeviceIndex device = 0; device < hooks.deviceCount(); ++device) {
    auto generator = hooks.getDefaultGenerator(device);
    std::lock_guard<std::mutex> lock(generator.mutex());
    generator.set_current_seed(seed);
  }
}

}  // namespace

const char *ct_version(void) { return TORCH_VERSION; }

const char *ct_loaded_version(void) {
  static const std::string version = [] {
    ct_cuda_device_count();  // at::show_config asks for CUDA
    std::string found;
    ct::guarded([&] {
      const std::string key = "TORCH_VERSION=", configuration = at::show_config();
      const auto start = configuration.find(key);
      if (start == std::string::npos) return;
      const auto end = configuration.find_first_of(", \n", start);
      found = configuration.substr(start + key.size(), end == std::string::npos ? end : end - start - key.size());
    });
    return found;
  }();
  return version.c_str();
}

const char *ct_cpu_capability(void) {
  static const std::string capability = at::get_cpu_capability();
  return capability.c_str();
}

void ct_manual_seed(uint64_t seed) {
  // at::manual_seed asks for CUDA, which would be the end of it: see ct_cuda_device_count.
  auto generator = at::detail::getDefaultCPUGenerator();
  std::lock_guard<std::mutex> lock(generator.mutex());
  generator.set_current_seed(seed);
  if (cuda_library_is_loaded()) seed_cuda_generators(seed);
}

void ct_set_deterministic(bool deterministic) {
  // cuBLAS reads this when it is first used, and libtorch asks for it.
  if (deterministic) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*overwrite=*/0);
  at::globalContext().setDeterministicAlgorithms(deterministic, /*warn_only=*/true);
  at::globalContext().setDeterministicFillUninitializedMemory(false);
  at::globalContext().setBenchmarkCuDNN(!deterministic);
}

void ct_set_thread_count(int32_t count) { at::set_num_threads(count); }
int32_t ct_thread_count(void) { return at::get_num_threads(); }

void ct_keep_freed_memory(void) {
#if defined(__GLIBC__)
  // glibc returns large blocks to the kernel when they are freed, and the kernel clears each page anew when it is asked
  // for again: a fifth of a training step on the CPU. All blocks stay in the heap instead.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
#endif
  // libtorch reads this at its first allocation: blocks from 2 MiB on lie in huge pages.
  setenv("THP_MEM_ALLOC_ENABLE", "1", /*overwrite=*/0);
}

bool ct_cpu_prefers_bfloat16(void) {
#if defined(__x86_64__)
  // AMX tiles multiply bfloat16 many times faster than AVX-512 does float32. AVX-512's own instruction for it is twice as
  // fast as float32 on AMD (Zen 4 and later) and on Cooper Lake, but three times slower on the Intel cores that came with
  // AMX, which virtual machines often hide: those compute in float32.
  unsigned eax, ebx, ecx, edx;
  constexpr unsigned amx_bfloat16 = 1u << 22;
  if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (edx & amx_bfloat16)) return true;
  return __builtin_cpu_supports("avx512bf16") && (__builtin_cpu_is("amd") || __builtin_cpu_is("cooperlake"));
#else
  return false;
#endif
}

int32_t ct_cuda_device_count(void) {
  static const int32_t count = [] {
    // A CUDA build brings libtorch_cuda, which registers itself when it is loaded. It is opened here and not linked, so
    // that one program runs with and without it, and starts fast where no GPU is wanted. Nothing may ask libtorch for CUDA
    // before: it looks once, and remembers for good that there is none. A convolution on the CPU asks, too.
    if (!dlopen(cuda_library, RTLD_NOW | RTLD_GLOBAL)) {
      const char *problem = dlerror();
      cuda_library_problem = problem ? problem : "unknown";
      return 0;
    }
    int32_t found = 0;
    ct::guarded([&] {
      found = at::detail::getCUDAHooks().deviceCount();
      if (found > 0) seed_cuda_generators(at::detail::getDefaultCPUGenerator().current_seed());
    });
    return found;
  }();
  return count;
}

const char *ct_cuda_library_problem(void) {
  ct_cuda_device_count();
  return cuda_library_problem.c_str();
}

CTStatus ct_synchronize(CTDevice device) {
  return ct::guarded([&] {
    if (device.index >= 0) c10::impl::VirtualGuardImpl(at::kCUDA).synchronizeDevice(static_cast<c10::DeviceIndex>(device.index));
  });
}

namespace {

/// A count of the caching allocator, over all kinds of blocks.
const c10::CachingAllocator::Stat &aggregate(const c10::CachingAllocator::StatArray &stats) {
  return stats[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
}

/// Runs `work` with the CUDA allocator and the device's number; does nothing on the CPU.
template <typename Work>
CTStatus with_allocator(CTDevice device, Work work) {
  return ct::guarded([&] {
    if (device.index >= 0) work(*c10::getDeviceAllocator(at::kCUDA), static_cast<c10::DeviceIndex>(device.index));
  });
}

}  // namespace

CTStatus ct_reserved_memory(int64_t *out, CTDevice device) {
  *out = 0;
  return with_allocator(device, [&](auto &allocator, auto index) { *out = aggregate(allocator.getDeviceStats(index).reserved_bytes).current; });
}

CTStatus ct_peak_memory(int64_t *out, CTDevice device) {
  *out = 0;
  return with_allocator(device, [&](auto &allocator, auto index) { *out = aggregate(allocator.getDeviceStats(index).allocated_bytes).peak; });
}

CTStatus ct_reset_peak_memory(CTDevice device) {
  return with_allocator(device, [](auto &allocator, auto index) { allocator.resetPeakStats(index); });
}

CTStatus ct_free_memory(int64_t *out, CTDevice device) {
  *out = 0;
  return with_allocator(device, [&](auto &allocator, auto index) {
    auto stats = allocator.getDeviceStats(index);
    *out = static_cast<int64_t>(allocator.getMemoryInfo(index).first) + aggregate(stats.reserved_bytes).current -
           aggregate(stats.allocated_bytes).current;
  });
}

CTStatus ct_empty_cache(CTDevice device) {
  return with_allocator(device, [](auto &allocator, auto) { allocator.emptyCache(); });
}
