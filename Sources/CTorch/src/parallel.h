#pragma once

// Loops on the threads that libtorch's own kernels use.
//
// The headers of libtorch offer this only to code that is compiled with OpenMP, which would bring a second OpenMP
// runtime with a second set of threads. libgomp, which libtorch is linked with, exports the entry point that GCC's
// `#pragma omp parallel` calls; its signature is part of GCC's stable ABI.

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

extern "C" {
void GOMP_parallel(void (*body)(void *), void *data, unsigned thread_count, unsigned flags);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
}

namespace ct {

/// Calls `body(thread, begin, end)` on consecutive parts of 0..<count, one part a thread. The partition depends on the
/// number of threads alone, so sums over parts are the same in every run.
template <class Body>
void parallel_parts(int64_t count, int64_t minimum_part, const Body &body) {
  int64_t threads = std::clamp<int64_t>(count / std::max<int64_t>(minimum_part, 1), 1, at::get_num_threads());
  if (threads == 1) return body(0, 0, count);
  struct Work {
    const Body &body;
    int64_t count;
  } work{body, count};
  GOMP_parallel(
      [](void *data) {
        auto &work = *static_cast<Work *>(data);
        // The runtime may grant fewer threads than asked for.
        int64_t thread = omp_get_thread_num(), threads = omp_get_num_threads();
        work.body(thread, work.count * thread / threads, work.count * (thread + 1) / threads);
      },
      &work, static_cast<unsigned>(threads), 0);
}

}  // namespace ct
