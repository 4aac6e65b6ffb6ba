#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "ct_error.h"

// Ownership: tensors passed in are borrowed; on CT_OK `*out` is owned by the caller, who frees it once with
// `ct_tensor_free`; on any other status `*out` is untouched.

#ifdef __cplusplus
extern "C" {
#endif

/// A reference to a libtorch tensor. An empty handle (null) stands for "no tensor" where a parameter is optional.
typedef struct {
  void *_Nullable pointer;
} CTTensor;

typedef enum {
  CT_UINT8 = 0,
  CT_INT32 = 1,
  CT_INT64 = 2,
  CT_FLOAT16 = 3,
  CT_BFLOAT16 = 4,
  CT_FLOAT32 = 5,
  CT_FLOAT64 = 6,
  CT_BOOL = 7,
  CT_OTHER = 8,
} CTScalarType;

/// `index` < 0 stands for the CPU, otherwise for the CUDA device of that number.
typedef struct {
  int32_t index;
} CTDevice;

typedef enum {
  CT_CONTIGUOUS = 0,
  CT_CHANNELS_LAST = 1,
} CTMemoryFormat;

typedef struct {
  const int64_t *_Nullable values;
  size_t count;
} CTShape;

typedef struct {
  const CTTensor *_Nullable tensors;
  size_t count;
} CTTensorList;

// Facts; these cannot fail.
void ct_tensor_free(CTTensor x);
int32_t ct_tensor_dimensions(CTTensor x);
int64_t ct_tensor_count(CTTensor x);
void ct_tensor_shape(CTTensor x, int64_t *_Nonnull out);
void ct_tensor_strides(CTTensor x, int64_t *_Nonnull out);
CTScalarType ct_tensor_type(CTTensor x);
CTDevice ct_tensor_device(CTTensor x);
bool ct_tensor_is_contiguous(CTTensor x, CTMemoryFormat format);
/// The first element of a tensor on the CPU; null for an empty tensor.
void *_Nullable ct_tensor_bytes(CTTensor x);

// Creation
CTStatus ct_empty(CTTensor *_Nonnull out, CTShape shape, CTScalarType type, CTDevice device);
CTStatus ct_full(CTTensor *_Nonnull out, CTShape shape, double value, CTScalarType type, CTDevice device);
CTStatus ct_arange(CTTensor *_Nonnull out, int64_t count, CTScalarType type, CTDevice device);
CTStatus ct_uniform(CTTensor *_Nonnull out, CTShape shape, double low, double high, CTScalarType type, CTDevice device);
/// A view of memory that the caller keeps alive for as long as the tensor or a view of it lives.
CTStatus ct_view_of_bytes(CTTensor *_Nonnull out, void *_Nonnull bytes, CTShape shape, CTScalarType type);

// Conversion
CTStatus ct_to_type(CTTensor *_Nonnull out, CTTensor x, CTScalarType type);
CTStatus ct_to_device(CTTensor *_Nonnull out, CTTensor x, CTDevice device, bool non_blocking);
/// A copy in page-locked memory, for a copy to a CUDA device that nobody waits for. libtorch does not use the memory again before
/// that has been made.
CTStatus ct_pin(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_contiguous(CTTensor *_Nonnull out, CTTensor x, CTMemoryFormat format);
CTStatus ct_clone(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_item(double *_Nonnull out, CTTensor x);

// Views
CTStatus ct_reshape(CTTensor *_Nonnull out, CTTensor x, CTShape shape);
CTStatus ct_permute(CTTensor *_Nonnull out, CTTensor x, CTShape axes);
CTStatus ct_transpose(CTTensor *_Nonnull out, CTTensor x, int64_t first, int64_t second);
CTStatus ct_narrow(CTTensor *_Nonnull out, CTTensor x, int64_t axis, int64_t start, int64_t length);
CTStatus ct_select(CTTensor *_Nonnull out, CTTensor x, int64_t axis, int64_t index);
CTStatus ct_unsqueeze(CTTensor *_Nonnull out, CTTensor x, int64_t axis);
CTStatus ct_squeeze(CTTensor *_Nonnull out, CTTensor x, int64_t axis);
CTStatus ct_expand(CTTensor *_Nonnull out, CTTensor x, CTShape shape);
CTStatus ct_flip(CTTensor *_Nonnull out, CTTensor x, CTShape axes);

// Joining and indexing
CTStatus ct_cat(CTTensor *_Nonnull out, CTTensorList tensors, int64_t axis);
CTStatus ct_stack(CTTensor *_Nonnull out, CTTensorList tensors, int64_t axis);
CTStatus ct_index_select(CTTensor *_Nonnull out, CTTensor x, int64_t axis, CTTensor indices);
CTStatus ct_gather(CTTensor *_Nonnull out, CTTensor x, int64_t axis, CTTensor indices);
CTStatus ct_where(CTTensor *_Nonnull out, CTTensor condition, CTTensor x, CTTensor y);

// In place
CTStatus ct_fill_(CTTensor x, double value);
CTStatus ct_copy_(CTTensor x, CTTensor source);
CTStatus ct_add_(CTTensor x, CTTensor y, double scale);
CTStatus ct_add_scalar_(CTTensor x, double y);
CTStatus ct_mul_(CTTensor x, double factor);
CTStatus ct_sigmoid_(CTTensor x);
CTStatus ct_index_copy_(CTTensor x, int64_t axis, CTTensor indices, CTTensor values);
/// Puts another tensor's data (type, device, memory layout) under the same identity.
CTStatus ct_set_data(CTTensor x, CTTensor data);

#ifdef __cplusplus
}
#endif
