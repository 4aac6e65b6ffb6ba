// Gradients and the thread-local modes that steer them.

#include "ct_autograd.h"

#include <ATen/autocast_mode.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

#include "bridge.h"

bool ct_requires_grad(CTTensor x) { return ct::get(x).requires_grad(); }

CTStatus ct_set_requires_grad(CTTensor x, bool requires_grad) {
  return ct::guarded([&] { ct::get(x).requires_grad_(requires_grad); });
}

CTStatus ct_detach(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).detach()); });
}

CTStatus ct_grad(CTTensor *out, CTTensor x) {
  return ct::guarded([&] {
    auto gradient = ct::get(x).grad();
    *out = gradient.defined() ? ct::give(gradient) : CTTensor{nullptr};
  });
}

CTStatus ct_set_grad(CTTensor x, CTTensor gradient) {
  return ct::guarded([&] { ct::get(x).mutable_grad() = ct::get_or_none(gradient); });
}

CTStatus ct_backward(CTTensor x, CTTensor gradient) {
  return ct::guarded([&] { ct::get(x).backward(ct::get_or_none(gradient)); });
}

bool ct_exchange_grad_mode(bool enabled) {
  bool before = c10::GradMode::is_enabled();
  c10::GradMode::set_enabled(enabled);
  return before;
}

void *ct_inference_mode_enter(void) { return new c10::InferenceMode(true); }
void ct_inference_mode_leave(void *guard) { delete static_cast<c10::InferenceMode *>(guard); }

void ct_autocast_enter(bool on_cuda, CTScalarType type) {
  auto device = on_cuda ? at::kCUDA : at::kCPU;
  at::autocast::set_autocast_dtype(device, ct::get(type));
  at::autocast::set_autocast_enabled(device, true);
  at::autocast::increment_nesting();
}

void ct_autocast_leave(bool on_cuda) {
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(on_cuda ? at::kCUDA : at::kCPU, false);
}
