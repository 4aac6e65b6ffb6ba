#pragma once

#include "ct_tensor.h"

// Images are [N, C, H, W].

#ifdef __cplusplus
extern "C" {
#endif

/// Of a stride or a padding.
typedef struct {
  int64_t height;
  int64_t width;
} CTExtent;

CTStatus ct_conv2d(CTTensor *_Nonnull out, CTTensor x, CTTensor weight, CTTensor bias, CTExtent stride,
                   CTExtent padding, CTExtent dilation, int64_t groups);
CTStatus ct_conv_transpose2d(CTTensor *_Nonnull out, CTTensor x, CTTensor weight, CTTensor bias, CTExtent stride,
                             CTExtent padding, CTExtent output_padding, int64_t groups, CTExtent dilation);
/// Convolution followed by SiLU in one kernel, for inference on the CPU (oneDNN).
CTStatus ct_conv2d_silu(CTTensor *_Nonnull out, CTTensor x, CTTensor weight, CTTensor bias, CTExtent stride,
                        CTExtent padding, CTExtent dilation, int64_t groups);
/// The window is square.
CTStatus ct_max_pool2d(CTTensor *_Nonnull out, CTTensor x, int64_t kernel, int64_t stride, int64_t padding);
CTStatus ct_upsample_nearest(CTTensor *_Nonnull out, CTTensor x, int64_t scale);
CTStatus ct_interpolate_bilinear(CTTensor *_Nonnull out, CTTensor x, int64_t height, int64_t width);
CTStatus ct_pad(CTTensor *_Nonnull out, CTTensor x, CTShape padding, double value);

/// x times the transposed weight [out, in], and the bias [out] where there is one, over the last axis.
CTStatus ct_linear(CTTensor *_Nonnull out, CTTensor x, CTTensor weight, CTTensor bias);
/// softmax(query key^T / sqrt(width)) value, for [N, heads, length, width].
CTStatus ct_scaled_dot_product_attention(CTTensor *_Nonnull out, CTTensor query, CTTensor key, CTTensor value);

CTStatus ct_silu(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_relu(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_leaky_relu(CTTensor *_Nonnull out, CTTensor x, double slope);
CTStatus ct_hardswish(CTTensor *_Nonnull out, CTTensor x);
CTStatus ct_mish(CTTensor *_Nonnull out, CTTensor x);

/// With `training`, normalises by the batch and moves the running statistics in place.
CTStatus ct_batch_norm(CTTensor *_Nonnull out, CTTensor x, CTTensor weight, CTTensor bias, CTTensor running_mean,
                       CTTensor running_variance, bool training, double momentum, double epsilon);
/// Batch normalisation of a training batch followed by SiLU, as one node of the graph that keeps only `x`.
CTStatus ct_batch_norm_silu(CTTensor *_Nonnull out, CTTensor x, CTTensor weight, CTTensor bias, CTTensor running_mean,
                            CTTensor running_variance, double momentum, double epsilon);

typedef enum {
  CT_REDUCE_NONE = 0,
  CT_REDUCE_MEAN = 1,
  CT_REDUCE_SUM = 2,
} CTReduction;

CTStatus ct_bce_with_logits(CTTensor *_Nonnull out, CTTensor logits, CTTensor targets, CTTensor positive_weight,
                            CTReduction reduction);

/// From a matrix [M, K]: the rows at `indices` as [n, K], and one whole column as [M], both float32. One node of the
/// graph, so that the backward pass fills one gradient [M, K] once; the gradient of a row that is taken twice adds up.
CTStatus ct_gather_rows_and_column(CTTensor *_Nonnull rows, CTTensor *_Nonnull column, CTTensor matrix,
                                   CTTensor indices, int64_t column_index);

#ifdef __cplusplus
}
#endif
