#pragma once

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

bool ct_requires_grad(CTTensor x);
CTStatus ct_set_requires_grad(CTTensor x, bool requires_grad);
CTStatus ct_detach(CTTensor *_Nonnull out, CTTensor x);
/// The accumulated gradient of a leaf; an empty handle where there is none.
CTStatus ct_grad(CTTensor *_Nonnull out, CTTensor x);
/// An empty handle removes the gradient.
CTStatus ct_set_grad(CTTensor x, CTTensor gradient);
/// `gradient` may be empty for a scalar.
CTStatus ct_backward(CTTensor x, CTTensor gradient);

// Thread-local modes: each returns what was in force before.
bool ct_exchange_grad_mode(bool enabled);
void *_Nonnull ct_inference_mode_enter(void);
void ct_inference_mode_leave(void *_Nonnull guard);

/// Automatic mixed precision on one kind of device, for this thread; leaving drops the cached weights.
void ct_autocast_enter(bool on_cuda, CTScalarType type);
void ct_autocast_leave(bool on_cuda);

#ifdef __cplusplus
}
#endif
