// Arithmetic, comparison and reductions: each function is one libtorch operation.

#include <ATen/ops/isfinite.h>
#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/maximum.h>
#include <ATen/ops/minimum.h>
#include <ATen/ops/rsub.h>

#include "bridge.h"
#include "ct_math.h"

CTStatus ct_neg(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).neg()); });
}

CTStatus ct_abs(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).abs()); });
}

CTStatus ct_exp(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).exp()); });
}

CTStatus ct_log(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).log()); });
}

CTStatus ct_sqrt(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).sqrt()); });
}

CTStatus ct_sin(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).sin()); });
}

CTStatus ct_cos(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).cos()); });
}

CTStatus ct_atan(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).atan()); });
}

CTStatus ct_sigmoid(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).sigmoid()); });
}

CTStatus ct_tanh(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).tanh()); });
}

CTStatus ct_isfinite(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(at::isfinite(ct::get(x))); });
}

CTStatus ct_pow(CTTensor *out, CTTensor x, double exponent) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).pow(exponent)); });
}

CTStatus ct_clamp(CTTensor *out, CTTensor x, double low, double high) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).clamp(low, high)); });
}

CTStatus ct_add(CTTensor *out, CTTensor x, CTTensor y, double scale) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).add(ct::get(y), ct::factor(ct::get(x), scale))); });
}

CTStatus ct_sub(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).sub(ct::get(y))); });
}

CTStatus ct_mul(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).mul(ct::get(y))); });
}

CTStatus ct_div(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).div(ct::get(y))); });
}

CTStatus ct_minimum(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(at::minimum(ct::get(x), ct::get(y))); });
}

CTStatus ct_maximum(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(at::maximum(ct::get(x), ct::get(y))); });
}

CTStatus ct_add_scalar(CTTensor *out, CTTensor x, double y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).add(y)); });
}

CTStatus ct_mul_scalar(CTTensor *out, CTTensor x, double y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).mul(y)); });
}

CTStatus ct_rsub_scalar(CTTensor *out, CTTensor x, double y) {
  return ct::guarded([&] { *out = ct::give(at::rsub(ct::get(x), y)); });
}

CTStatus ct_lt(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).lt(ct::get(y))); });
}

CTStatus ct_gt(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).gt(ct::get(y))); });
}

CTStatus ct_eq(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).eq(ct::get(y))); });
}

CTStatus ct_gt_scalar(CTTensor *out, CTTensor x, double y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).gt(y)); });
}

CTStatus ct_sum(CTTensor *out, CTTensor x, CTShape axes, bool keep_dimensions) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).sum(ct::get(axes), keep_dimensions)); });
}

CTStatus ct_mean(CTTensor *out, CTTensor x, CTShape axes, bool keep_dimensions) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).mean(ct::get(axes), keep_dimensions)); });
}

CTStatus ct_amax(CTTensor *out, CTTensor x, CTShape axes, bool keep_dimensions) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).amax(ct::get(axes), keep_dimensions)); });
}

CTStatus ct_amin(CTTensor *out, CTTensor x, CTShape axes, bool keep_dimensions) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).amin(ct::get(axes), keep_dimensions)); });
}

CTStatus ct_argmax(CTTensor *out, CTTensor x, int64_t axis) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).argmax(axis)); });
}

CTStatus ct_all(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).all()); });
}

CTStatus ct_norm(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(at::linalg_vector_norm(ct::get(x))); });
}

CTStatus ct_matmul(CTTensor *out, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).matmul(ct::get(y))); });
}

CTStatus ct_softmax(CTTensor *out, CTTensor x, int64_t axis) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).softmax(axis)); });
}
