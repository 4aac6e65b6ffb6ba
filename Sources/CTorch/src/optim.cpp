// Optimizer steps, clipping, averaging and loss scaling on whole groups of parameters.

#include "ct_optim.h"

#include <ATen/ops/_amp_foreach_non_finite_check_and_unscale.h>
#include <ATen/ops/_amp_update_scale.h>
#include <ATen/ops/_foreach_add.h>
#include <ATen/ops/_foreach_lerp.h>
#include <ATen/ops/_foreach_mul.h>
#include <ATen/ops/_foreach_norm.h>
#include <ATen/ops/_fused_adam.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/_fused_sgd.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/stack.h>
#include <c10/core/GradMode.h>

#include "bridge.h"

namespace {
std::optional<at::Tensor> optional(CTTensor x) {
  return x.pointer ? std::optional(ct::get(x)) : std::nullopt;
}
}  // namespace

CTStatus ct_fused_sgd_(CTTensorList parameters, CTTensorList gradients, CTTensorList momentum_buffers,
                       double learning_rate, double momentum, double weight_decay, bool nesterov, bool is_first_step,
                       CTTensor gradient_scale, CTTensor found_infinite) {
  return ct::guarded([&] {
    c10::NoGradGuard no_gradient;
    at::_fused_sgd_(ct::get(parameters), ct::get(gradients), ct::get(momentum_buffers), weight_decay, momentum,
                    learning_rate, /*dampening=*/0, nesterov, /*maximize=*/false, is_first_step,
                    optional(gradient_scale), optional(found_infinite));
  });
}

CTStatus ct_fused_adam_(CTTensorList parameters, CTTensorList gradients, CTTensorList first_moments,
                        CTTensorList second_moments, CTTensorList steps, double learning_rate, double beta1,
                        double beta2, double weight_decay, double epsilon, bool decoupled_weight_decay,
                        CTTensor gradient_scale, CTTensor found_infinite) {
  return ct::guarded([&] {
    c10::NoGradGuard no_gradient;
    auto step = [&](auto kernel) {
      kernel(ct::get(parameters), ct::get(gradients), ct::get(first_moments), ct::get(second_moments), {},
             ct::get(steps), learning_rate, beta1, beta2, weight_decay, epsilon, /*amsgrad=*/false,
             /*maximize=*/false, optional(gradient_scale), optional(found_infinite));
    };
    using Kernel = void (*)(at::TensorList, at::TensorList, at::TensorList, at::TensorList, at::TensorList,
                            at::TensorList, double, double, double, double, double, bool, bool,
                            const std::optional<at::Tensor> &, const std::optional<at::Tensor> &);
    step(decoupled_weight_decay ? static_cast<Kernel>(at::_fused_adamw_) : static_cast<Kernel>(at::_fused_adam_));
  });
}

CTStatus ct_clip_grad_norm_(CTTensor *norm, CTTensorList list, double maximum) {
  return ct::guarded([&] {
    c10::NoGradGuard no_gradient;
    auto gradients = ct::get(list);
    auto total = at::linalg_vector_norm(at::stack(at::_foreach_norm(gradients)));
    // 1e-6 keeps a norm of zero harmless. The factor stays on the device: nothing waits for it.
    at::_foreach_mul_(gradients, total.add(1e-6).reciprocal().mul(maximum).clamp_max(1.0));
    *norm = ct::give(total);
  });
}

CTStatus ct_foreach_decay_(CTTensorList x, CTTensorList y, double decay) {
  return ct::guarded([&] {
    c10::NoGradGuard no_gradient;
    // x + (1 - decay) * (y - x): where both are equal, as for frozen weights, no bit changes.
    at::_foreach_lerp_(ct::get(x), ct::get(y), 1 - decay);
  });
}

CTStatus ct_foreach_add_(CTTensorList x, CTTensor y, double scale) {
  return ct::guarded([&] {
    c10::NoGradGuard no_gradient;
    at::_foreach_add_(ct::get(x), ct::get(y), scale);
  });
}

CTStatus ct_amp_unscale_(CTTensorList gradients, CTTensor found_infinite, CTTensor inverse_scale) {
  return ct::guarded([&] {
    auto found = ct::get(found_infinite);
    at::_amp_foreach_non_finite_check_and_unscale_(ct::get(gradients), found, ct::get(inverse_scale));
  });
}

CTStatus ct_amp_update_scale_(CTTensor scale, CTTensor growth_tracker, CTTensor found_infinite, double growth_factor,
                              double backoff_factor, int64_t growth_interval) {
  return ct::guarded([&] {
    auto current = ct::get(scale), tracker = ct::get(growth_tracker);
    at::_amp_update_scale_(current, tracker, ct::get(found_infinite), growth_factor, backoff_factor, growth_interval);
  });
}
