#pragma once

#include "ct_tensor.h"

#ifdef __cplusplus
extern "C" {
#endif

// Elementwise, one operand
CTStatus ct_neg(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_abs(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_exp(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_log(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_sqrt(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_sin(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_cos(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_atan(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_sigmoid(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_tanh(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_isfinite(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_pow(CTTensor *_Nonnull out, CTTensor x, double exponent);
CTStatus ct_clamp(CTTensor *_Nonnull out, CTTensor x, double low, double high);

// Elementwise, two operands (broadcasting)
CTStatus ct_add(CTTensor *_Nonnull out, CTTensor x, CTTensor y, double scale);
CTStatus ct_sub(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_mul(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_div(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_minimum(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_maximum(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_add_scalar(CTTensor *_Nonnull out, CTTensor x, double y);
CTStatus ct_mul_scalar(CTTensor *_Nonnull out, CTTensor x, double y);
/// y - x
CTStatus ct_rsub_scalar(CTTensor *_Nonnull out, CTTensor x, double y);

// Comparison: a tensor of CT_BOOL
CTStatus ct_lt(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_gt(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_eq(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_gt_scalar(CTTensor *_Nonnull out, CTTensor x, double y);

// Reductions. An empty list of axes reduces over all of them.
CTStatus ct_sum(CTTensor *_Nonnull out, CTTensor x, CTShape axes, bool keep_dimensions);
CTStatus ct_mean(CTTensor *_Nonnull out, CTTensor x, CTShape axes, bool keep_dimensions);
CTStatus ct_amax(CTTensor *_Nonnull out, CTTensor x, CTShape axes, bool keep_dimensions);
CTStatus ct_amin(CTTensor *_Nonnull out, CTTensor x, CTShape axes, bool keep_dimensions);
CTStatus ct_argmax(CTTensor *_Nonnull out, CTTensor x, int64_t axis);
CTStatus ct_all(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_norm(CTTensor *_Nonnull out, CTTensor x);

CTStatus ct_matmul(CTTensor *_Nonnull out, CTTensor x, CTTensor y);
CTStatus ct_softmax(CTTensor *_Nonnull out, CTTensor x, int64_t axis);

#ifdef __cplusplus
}
#endif
