// Convolutions, pooling, activations, normalisation and losses.

#include "ct_nn.h"

#include <ATen/Context.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv_transpose2d.h>
#include <ATen/ops/hardswish.h>
#include <ATen/ops/leaky_relu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mish.h>
#include <ATen/ops/scaled_dot_product_attention.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/upsample_bilinear2d.h>
#include <ATen/ops/upsample_nearest2d.h>

#include <array>
#include <cmath>

#include "bridge.h"

namespace {

std::array<int64_t, 2> pair(CTExtent extent) { return {extent.height, extent.width}; }

/// softmax(q k^T / sqrt(width)) v, one operation after the other.
at::Tensor attention_in_steps(const at::Tensor &query, const at::Tensor &key, const at::Tensor &value) {
  auto scores = at::matmul(query.div(std::sqrt(static_cast<double>(query.size(-1)))), key.transpose(-2, -1));
  return at::matmul(scores.softmax(-1), value);
}

}  // namespace

CTStatus ct_conv2d(CTTensor *out, CTTensor x, CTTensor weight, CTTensor bias, CTExtent stride, CTExtent padding,
                   CTExtent dilation, int64_t groups) {
  return ct::guarded([&] {
    *out = ct::give(at::conv2d(ct::get(x), ct::get(weight), ct::get_or_none(bias), pair(stride), pair(padding),
                               pair(dilation), groups));
  });
}

CTStatus ct_conv_transpose2d(CTTensor *out, CTTensor x, CTTensor weight, CTTensor bias, CTExtent stride,
                             CTExtent padding, CTExtent output_padding, int64_t groups, CTExtent dilation) {
  return ct::guarded([&] {
    *out = ct::give(at::conv_transpose2d(ct::get(x), ct::get(weight), ct::get_or_none(bias), pair(stride),
                                         pair(padding), pair(output_padding), groups, pair(dilation)));
  });
}

CTStatus ct_conv2d_silu(CTTensor *out, CTTensor x, CTTensor weight, CTTensor bias, CTExtent stride, CTExtent padding,
                        CTExtent dilation, int64_t groups) {
  return ct::guarded([&] {
    if (ct::get(x).scalar_type() == at::kHalf) {  // the kernel below has it for few CPUs only
      *out = ct::give(at::silu(at::conv2d(ct::get(x), ct::get(weight), ct::get_or_none(bias), pair(stride),
                                          pair(padding), pair(dilation), groups)));
      return;
    }
    using Operation = at::Tensor(const at::Tensor &, const at::Tensor &, const std::optional<at::Tensor> &,
                                 at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, int64_t, std::string_view,
                                 c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);
    static const auto operation = c10::Dispatcher::singleton()
                                      .findSchemaOrThrow("mkldnn::_convolution_pointwise", "")
                                      .typed<Operation>();
    auto paddings = pair(padding), strides = pair(stride), dilations = pair(dilation);
    *out = ct::give(operation.call(ct::get(x), ct::get(weight), ct::get_or_none(bias), paddings, strides, dilations,
                                   groups, "swish", c10::List<std::optional<at::Scalar>>(), std::nullopt));
  });
}

CTStatus ct_max_pool2d(CTTensor *out, CTTensor x, int64_t kernel, int64_t stride, int64_t padding) {
  return ct::guarded([&] { *out = ct::give(at::max_pool2d(ct::get(x), kernel, stride, padding)); });
}

CTStatus ct_upsample_nearest(CTTensor *out, CTTensor x, int64_t scale) {
  return ct::guarded([&] {
    auto &image = ct::get(x);
    *out = ct::give(at::upsample_nearest2d(image, {image.size(2) * scale, image.size(3) * scale}));
  });
}

CTStatus ct_interpolate_bilinear(CTTensor *out, CTTensor x, int64_t height, int64_t width) {
  return ct::guarded(
      [&] { *out = ct::give(at::upsample_bilinear2d(ct::get(x), {height, width}, /*align_corners=*/false)); });
}

CTStatus ct_pad(CTTensor *out, CTTensor x, CTShape padding, double value) {
  return ct::guarded([&] { *out = ct::give(at::constant_pad_nd(ct::get(x), ct::get(padding), value)); });
}

CTStatus ct_linear(CTTensor *out, CTTensor x, CTTensor weight, CTTensor bias) {
  return ct::guarded(
      [&] { *out = ct::give(at::linear(ct::get(x), ct::get(weight), ct::get_or_none(bias))); });
}

CTStatus ct_scaled_dot_product_attention(CTTensor *out, CTTensor query, CTTensor key, CTTensor value) {
  return ct::guarded([&] {
    auto &q = ct::get(query), &k = ct::get(key), &v = ct::get(value);
    // The kernels that do it at once on CUDA add up gradients in any order.
    bool in_steps = q.is_cuda() && q.requires_grad() && at::globalContext().deterministicAlgorithms();
    *out = ct::give(in_steps ? attention_in_steps(q, k, v) : at::scaled_dot_product_attention(q, k, v));
  });
}

CTStatus ct_silu(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(at::silu(ct::get(x))); });
}

CTStatus ct_relu(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(ct::get(x).relu()); });
}

CTStatus ct_leaky_relu(CTTensor *out, CTTensor x, double slope) {
  return ct::guarded([&] { *out = ct::give(at::leaky_relu(ct::get(x), slope)); });
}

CTStatus ct_hardswish(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(at::hardswish(ct::get(x))); });
}

CTStatus ct_mish(CTTensor *out, CTTensor x) {
  return ct::guarded([&] { *out = ct::give(at::mish(ct::get(x))); });
}

CTStatus ct_batch_norm(CTTensor *out, CTTensor x, CTTensor weight, CTTensor bias, CTTensor running_mean,
                       CTTensor running_variance, bool training, double momentum, double epsilon) {
  return ct::guarded([&] {
    *out = ct::give(at::batch_norm(ct::get(x), ct::get_or_none(weight), ct::get_or_none(bias), ct::get(running_mean),
                                   ct::get(running_variance), training, momentum, epsilon, /*cudnn_enabled=*/true));
  });
}

CTStatus ct_bce_with_logits(CTTensor *out, CTTensor logits, CTTensor targets, CTTensor positive_weight,
                            CTReduction reduction) {
  return ct::guarded([&] {
    *out = ct::give(at::binary_cross_entropy_with_logits(ct::get(logits), ct::get(targets), /*weight=*/{},
                                                         ct::get_or_none(positive_weight), reduction));
  });
}
