#pragma once

#include "ct_tensor.h"

// Steps of a whole group of parameters by libtorch's fused kernels. The lists run in parallel. `gradient_scale` and
// `found_infinite` may be empty; given, gradients are divided by the one and the step is skipped where the other is 1.

#ifdef __cplusplus
extern "C" {
#endif

CTStatus ct_fused_sgd_(CTTensorList parameters, CTTensorList gradients, CTTensorList momentum_buffers,
                       double learning_rate, double momentum, double weight_decay, bool nesterov, bool is_first_step,
                       CTTensor gradient_scale, CTTensor found_infinite);
CTStatus ct_fused_adam_(CTTensorList parameters, CTTensorList gradients, CTTensorList first_moments,
                        CTTensorList second_moments, CTTensorList steps, double learning_rate, double beta1,
                        double beta2, double weight_decay, double epsilon, bool decoupled_weight_decay,
                        CTTensor gradient_scale, CTTensor found_infinite);

/// Scales gradients so that their joint Euclidean norm is at most `maximum`; the norm before that is returned.
CTStatus ct_clip_grad_norm_(CTTensor *_Nonnull norm, CTTensorList gradients, double maximum);

/// x = decay * x + (1 - decay) * y for each pair.
CTStatus ct_foreach_decay_(CTTensorList x, CTTensorList y, double decay);

/// x = x + scale * y for each x; y has one element.
CTStatus ct_foreach_add_(CTTensorList x, CTTensor y, double scale);

CTStatus ct_amp_unscale_(CTTensorList gradients, CTTensor found_infinite, CTTensor inverse_scale);
CTStatus ct_amp_update_scale_(CTTensor scale, CTTensor growth_tracker, CTTensor found_infinite, double growth_factor,
                              double backoff_factor, int64_t growth_interval);

#ifdef __cplusplus
}
#endif
