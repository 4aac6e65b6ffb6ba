// What NVIDIA's driver says of itself and of its devices.
//
// The driver's library comes with the driver and not with libtorch, so it is opened where it is there. Its functions keep
// their form from one CUDA version to the next, which the runtime library's description of a device does not.

#include "ct_device.h"

#include <dlfcn.h>

#include <string>

namespace {

using Status = int;  // CUresult; 0 is success

struct Driver {
  void *library = nullptr;
  std::string problem;

  /// Null where the driver has no such function.
  template <class Function>
  Function *find(const char *name) const {
    return library ? reinterpret_cast<Function *>(dlsym(library, name)) : nullptr;
  }

  Driver() {
    library = dlopen("libcuda.so.1", RTLD_LAZY | RTLD_LOCAL);
    if (!library) {
      const char *error = dlerror();
      problem = error ? error : "libcuda.so.1 cannot be opened";
      return;
    }
    const auto initialize = find<Status(unsigned)>("cuInit");
    const Status status = initialize ? initialize(0) : -1;
    if (status == 0) return;
    const auto explain = find<Status(Status, const char **)>("cuGetErrorString");
    const char *text = nullptr;
    if (explain && explain(status, &text) == 0 && text) problem = text;
    if (problem.empty()) problem = "error " + std::to_string(status);
  }
};

const Driver &driver() {
  static const Driver driver;
  return driver;
}

/// Runs `work` with the driver's number of the device; does nothing where the driver does not know it.
template <class Work>
void with_device(CTDevice device, Work work) {
  if (device.index < 0 || !driver().problem.empty()) return;
  const auto get = driver().find<Status(int *, int)>("cuDeviceGet");
  int number = 0;
  if (get && get(&number, device.index) == 0) work(number);
}

}  // namespace

const char *ct_cuda_driver_problem(void) { return driver().problem.c_str(); }

int32_t ct_cuda_driver_version(void) {
  const auto get = driver().find<Status(int *)>("cuDriverGetVersion");
  int version = 0;
  return get && get(&version) == 0 ? version : 0;
}

void ct_cuda_device_name(char *out, int32_t capacity, CTDevice device) {
  if (capacity <= 0) return;
  out[0] = 0;
  with_device(device, [&](int number) {
    const auto get = driver().find<Status(char *, int, int)>("cuDeviceGetName");
    if (!get || get(out, capacity, number) != 0) out[0] = 0;
    out[capacity - 1] = 0;
  });
}

int64_t ct_cuda_device_memory(CTDevice device) {
  size_t bytes = 0;
  with_device(device, [&](int number) {
    const auto get = driver().find<Status(size_t *, int)>("cuDeviceTotalMem_v2");
    if (!get || get(&bytes, number) != 0) bytes = 0;
  });
  return static_cast<int64_t>(bytes);
}
