// Creation, conversion, views, joining, indexing and in-place changes of tensors.

#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/where.h>

#include "bridge.h"

std::string &ct::last_error() {
  thread_local std::string message;
  return message;
}

const char *ct_last_error(void) { return ct::last_error().c_str(); }

namespace {
at::TensorOptions options(CTScalarType type, CTDevice device) {
  return at::TensorOptions().dtype(ct::get(type)).device(ct::get(device));
}
}  // namespace

void ct_tensor_free(CTTensor x) { delete static_cast<at::Tensor *>(x.pointer); }
int32_t ct_tensor_dimensions(CTTensor x) { return static_cast<int32_t>(ct::get(x).dim()); }
int64_t ct_tensor_count(CTTensor x) { return ct::get(x).numel(); }

void ct_tensor_shape(CTTensor x, int64_t *out) {
  auto sizes = ct::get(x).sizes();
  std::copy(sizes.begin(), sizes.end(), out);
}

void ct_tensor_strides(CTTensor x, int64_t *out) {
  auto strides = ct::get(x).strides();
  std::copy(strides.begin(), strides.end(), out);
}

CTScalarType ct_tensor_type(CTTensor x) {
  switch (ct::get(x).scalar_type()) {
    case at::kByte: return CT_UINT8;
    case at::kInt: return CT_INT32;
    case at::kLong: return CT_INT64;
    case at::kHalf: return CT_FLOAT16;
    case at::kBFloat16: return CT_BFLOAT16;
    case at::kFloat: return CT_FLOAT32;
    case at::kDouble: return CT_FLOAT64;
    case at::kBool: return CT_BOOL;
    default: return CT_OTHER;
  }
}

CTDevice ct_tensor_device(CTTensor x) {
  auto device = ct::get(x).device();
  return {device.is_cpu() ? -1 : device.index()};
}

bool ct_tensor_is_contiguous(CTTensor x, CTMemoryFormat format) { return ct::get(x).is_contiguous(ct::get(format)); }
void *ct_tensor_bytes(CTTensor x) { return ct::get(x).mutable_data_ptr(); }

CTStatus ct_empty(CTTensor *out, CTShape shape, CTScalarType type, CTDevice device) {
  return ct::guarded([&] { *out = ct::give(at::empty(ct::get(shape), options(type, device))); });
}

CTStatus ct_full(CTTensor *out, CTShape shape, double value, CTScalarType type, CTDevice device) {
  return ct::guarded([&] { *out = ct::give(at::full(ct::get(shape), value, options(type, device))); });
}

CTStatus ct_arange(CTTensor *out, int64_t count, CTScalarType type, CTDevice device) {
  return ct::guarded([&] { *out = ct::give(at::arange(count, options(type, device))); });
}

CTStatus ct_uniform(CTTensor *out, CTShape shape, double low, double high, CTScalarType type, CTDevice device) {
  return ct::guarded([&] { *out = ct::give(at::empty(ct::get(shape), options(type, device)).uniform_(low, high)); });
}

CTStatus ct_view_of_bytes(CTTensor *out, void *bytes, CTShape shape, CTScalarType type) {
  return ct::guarded([&] { *out = ct::give(at::from_blob(bytes, ct::get(shape), at::dtype(ct::get(type)))); });
}

CTStatus ct_to_type(CTTensor *out, CTTensor x, CTScalarType type) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).to(ct::get(type))); });
}

CTStatus ct_to_device(CTTensor *out, CTTensor x, CTDevice device, bool non_blocking) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).to(ct::get(device), non_blocking)); });
}

CTStatus ct_pin(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).pin_memory()); });
}

CTStatus ct_contiguous(CTTensor *out, CTTensor x, CTMemoryFormat format) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).contiguous(ct::get(format))); });
}

CTStatus ct_clone(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).clone()); });
}

CTStatus ct_item(double *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::get(x).item().toDouble(); });
}

CTStatus ct_reshape(CTTensor *out, CTTensor x, CTShape shape) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).reshape(ct::get(shape))); });
}

CTStatus ct_permute(CTTensor *out, CTTensor x, CTShape axes) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).permute(ct::get(axes))); });
}

CTStatus ct_transpose(CTTensor *out, CTTensor x, int64_t first, int64_t second) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).transpose(first, second)); });
}

CTStatus ct_narrow(CTTensor *out, CTTensor x, int64_t axis, int64_t start, int64_t length) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).narrow(axis, start, length)); });
}

CTStatus ct_select(CTTensor *out, CTTensor x, int64_t axis, int64_t index) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).select(axis, index)); });
}

CTStatus ct_unsqueeze(CTTensor *out, CTTensor x, int64_t axis) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).unsqueeze(axis)); });
}

CTStatus ct_squeeze(CTTensor *out, CTTensor x, int64_t axis) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).squeeze(axis)); });
}

CTStatus ct_expand(CTTensor *out, CTTensor x, CTShape shape) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).expand(ct::get(shape))); });
}

CTStatus ct_flip(CTTensor *out, CTTensor x, CTShape axes) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).flip(ct::get(axes))); });
}

CTStatus ct_cat(CTTensor *out, CTTensorList tensors, int64_t axis) {
  return ct::guarded([&] { *out = ct::give(at::cat(ct::get(tensors), axis)); });
}

CTStatus ct_stack(CTTensor *out, CTTensorList tensors, int64_t axis) {
  return ct::guarded([&] { *out = ct::give(at::stack(ct::get(tensors), axis)); });
}

CTStatus ct_index_select(CTTensor *out, CTTensor x, int64_t axis, CTTensor indices) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).index_select(axis, ct::get(indices))); });
}

CTStatus ct_gather(CTTensor *out, CTTensor x, int64_t axis, CTTensor indices) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).gather(axis, ct::get(indices))); });
}

CTStatus ct_where(CTTensor *out, CTTensor condition, CTTensor x, CTTensor y) {
  return ct::guarded([&] { *out = ct::give(at::where(ct::get(condition), ct::get(x), ct::get(y))); });
}

CTStatus ct_fill_(CTTensor x, double value) {
  return ct::guarded([&] { ct::get(x).fill_(value); });
}

CTStatus ct_copy_(CTTensor x, CTTensor source) {
  return ct::guarded([&] { ct::get(x).copy_(ct::get(source)); });
}

CTStatus ct_add_(CTTensor x, CTTensor y, double scale) {
  return ct::guarded([&] { ct::get(x).add_(ct::get(y), ct::factor(ct::get(x), scale)); });
}

CTStatus ct_add_scalar_(CTTensor x, double y) {
  return ct::guarded([&] { ct::get(x).add_(ct::factor(ct::get(x), y)); });
}

CTStatus ct_mul_(CTTensor x, double factor) {
  return ct::guarded([&] { ct::get(x).mul_(factor); });
}

CTStatus ct_sigmoid_(CTTensor x) {
  return ct::guarded([&] { ct::get(x).sigmoid_(); });
}

CTStatus ct_index_copy_(CTTensor x, int64_t axis, CTTensor indices, CTTensor values) {
  return ct::guarded([&] { ct::get(x).index_copy_(axis, ct::get(indices), ct::get(values)); });
}

CTStatus ct_set_data(CTTensor x, CTTensor data) {
  return ct::guarded([&] { ct::get(x).set_data(ct::get(data)); });
}
