// Batch normalisation of a training batch followed by SiLU, as one node of the graph (CPU, channels-last).
//
// With x the input, m and v the mean and variance of a channel over the batch, s = 1 / sqrt(v + epsilon):
//     z = w s (x - m) + b = x scale + shift,      y = z sigmoid(z)
// and backwards, with g = dy sigmoid(z) (1 + z (1 - sigmoid(z))) and h = (x - m) s, over n values a channel:
//     db = sum g,   dw = sum g h,   dx = w s (g - db / n - h dw / n).
// Only x is kept for the backward pass; z is computed again, which costs less than reading it from memory. The separate
// operators read and write the tensor about twice as often and keep two more of its size.

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/silu.h>
#include <torch/csrc/autograd/custom_function.h>

#include <array>
#include <cmath>

#include "bridge.h"
#include "ct_nn.h"
#include "parallel.h"
#include "vector.h"

namespace {

using ct::lanes;
using ct::load;
using ct::sigmoid;
using ct::store;
using ct::Vector;

/// An image tensor as a matrix of `rows` (image, y, x) by `channels`, in channels-last memory.
template <class Element>
struct Matrix {
  const Element *values;
  int64_t rows, channels;
  /// From row to row, in elements: more than `channels` for some channels of a wider tensor.
  int64_t row_stride;
};

/// Two sums a channel. Partial sums of a block are kept in registers as float32 and added up in double.
struct ChannelSums {
  std::vector<double> first, second;
  explicit ChannelSums(int64_t channels) : first(channels), second(channels) {}
};

/// Rows that are summed in float32 before they are added to the double sums.
constexpr int64_t block_rows = 64;

template <class Element>
CT_INLINE void sum_moments(const Matrix<Element> &x, int64_t begin, int64_t end, const float *center, double *sum,
                           double *sum_of_squares) {
  for (int64_t block = begin; block < end; block += block_rows) {
    int64_t block_end = std::min(block + block_rows, end);
    for (int64_t c = 0; c < x.channels; c += lanes) {
      Vector center_c = load(center + c), first{}, second{};
      for (int64_t row = block; row < block_end; ++row) {
        Vector difference = load(x.values + row * x.channels + c) - center_c;
        first += difference;
        second += difference * difference;
      }
      for (int64_t lane = 0; lane < lanes; ++lane) {
        sum[c + lane] += first[lane];
        sum_of_squares[c + lane] += second[lane];
      }
    }
  }
}

template <class Element>
CT_INLINE void normalise(const Matrix<Element> &x, int64_t begin, int64_t end, const float *scale, const float *shift,
                         Element *y) {
  for (int64_t row = begin; row < end; ++row) {
    const Element *from = x.values + row * x.channels;
    Element *to = y + row * x.channels;
    for (int64_t c = 0; c < x.channels; c += lanes) {
      Vector z = load(from + c) * load(scale + c) + load(shift + c);
      store(to + c, z * sigmoid(z));
    }
  }
}

/// The gradient that reaches z.
template <class Element>
CT_INLINE Vector gradient_before_silu(Vector x, const Element *dy, const float *scale, const float *shift) {
  Vector z = x * load(scale) + load(shift), s = sigmoid(z);
  return load(dy) * (s * (z * (1 - s) + 1));
}

template <class Element>
CT_INLINE void sum_gradients(const Matrix<Element> &x, const Matrix<Element> &dy, int64_t begin, int64_t end,
                             const float *scale, const float *shift, const float *mean, double *sum,
                             double *sum_with_x) {
  for (int64_t block = begin; block < end; block += block_rows) {
    int64_t block_end = std::min(block + block_rows, end);
    for (int64_t c = 0; c < x.channels; c += lanes) {
      Vector mean_c = load(mean + c), first{}, second{};
      for (int64_t row = block; row < block_end; ++row) {
        Vector x_c = load(x.values + row * x.channels + c);
        Vector gradient = gradient_before_silu(x_c, dy.values + row * dy.row_stride + c, scale + c, shift + c);
        first += gradient;
        second += gradient * (x_c - mean_c);
      }
      for (int64_t lane = 0; lane < lanes; ++lane) {
        sum[c + lane] += first[lane];
        sum_with_x[c + lane] += second[lane];
      }
    }
  }
}

/// dx = scale * (g - constant - slope * x)
template <class Element>
CT_INLINE void write_gradient(const Matrix<Element> &x, const Matrix<Element> &dy, int64_t begin, int64_t end,
                              const float *scale, const float *shift, const float *constant, const float *slope,
                              Element *dx) {
  for (int64_t row = begin; row < end; ++row) {
    for (int64_t c = 0; c < x.channels; c += lanes) {
      int64_t offset = row * x.channels + c;
      Vector x_c = load(x.values + offset);
      Vector gradient = gradient_before_silu(x_c, dy.values + row * dy.row_stride + c, scale + c, shift + c);
      store(dx + offset, load(scale + c) * (gradient - load(constant + c) - load(slope + c) * x_c));
    }
  }
}

// One entry point a kernel and element type: the compiler clones these for each instruction set and inlines the rest.
#define CT_KERNELS(Element)                                                                                          \
  CT_CLONED void moments(Matrix<Element> x, int64_t begin, int64_t end, const float *center, double *a, double *b) { \
    sum_moments(x, begin, end, center, a, b);                                                                        \
  }                                                                                                                  \
  CT_CLONED void forward(Matrix<Element> x, int64_t begin, int64_t end, const float *scale, const float *shift,      \
                         Element *y) {                                                                               \
    normalise(x, begin, end, scale, shift, y);                                                                       \
  }                                                                                                                  \
  CT_CLONED void gradient_sums(Matrix<Element> x, Matrix<Element> dy, int64_t begin, int64_t end,                    \
                               const float *scale, const float *shift, const float *mean, double *a, double *b) {    \
    sum_gradients(x, dy, begin, end, scale, shift, mean, a, b);                                                      \
  }                                                                                                                  \
  CT_CLONED void input_gradient(Matrix<Element> x, Matrix<Element> dy, int64_t begin, int64_t end,                   \
                                const float *scale, const float *shift, const float *constant, const float *slope,   \
                                Element *dx) {                                                                       \
    write_gradient(x, dy, begin, end, scale, shift, constant, slope, dx);                                            \
  }
CT_KERNELS(float)
CT_KERNELS(at::BFloat16)
#undef CT_KERNELS

constexpr int64_t minimum_rows_a_thread = 512;

/// Runs `kernel(begin, end, first sums, second sums)` on all threads and adds their sums in the order of the rows.
template <class Kernel>
ChannelSums summed(int64_t rows, int64_t channels, const Kernel &kernel) {
  std::vector<ChannelSums> parts(at::get_num_threads(), ChannelSums(channels));
  ct::parallel_parts(rows, minimum_rows_a_thread, [&](int64_t thread, int64_t begin, int64_t end) {
    kernel(begin, end, parts[thread].first.data(), parts[thread].second.data());
  });
  ChannelSums total(channels);
  for (auto &part : parts) {
    for (int64_t c = 0; c < channels; ++c) {
      total.first[c] += part.first[c];
      total.second[c] += part.second[c];
    }
  }
  return total;
}

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;
using torch::autograd::Variable;

/// Of a channels-last tensor.
template <class Element>
Matrix<Element> matrix(const at::Tensor &x) {
  return {ct::elements<Element>(x), x.numel() / x.size(1), x.size(1), x.size(1)};
}

/// Whether the tensor is some of the channels of a wider channels-last one: what concatenation hands back.
bool is_slice_of_channels(const at::Tensor &x) {
  return x.stride(1) == 1 && x.stride(2) == x.size(3) * x.stride(3) && x.stride(0) == x.size(2) * x.stride(2);
}

struct BatchNormSiLU : torch::autograd::Function<BatchNormSiLU> {
  static Variable forward(AutogradContext *context, const at::Tensor &input, const at::Tensor &weight,
                          const at::Tensor &bias, const at::Tensor &running_mean, const at::Tensor &running_variance,
                          double momentum, double epsilon) {
    auto x = input.contiguous(at::MemoryFormat::ChannelsLast);
    auto y = at::empty_like(x);
    // Rows: mean, 1 / sqrt(variance + epsilon), scale, shift.
    auto statistics = at::empty({4, x.size(1)}, weight.options());
    if (x.scalar_type() == at::kFloat) {
      run_forward<float>(x, y, statistics, weight, bias, running_mean, running_variance, momentum, epsilon);
    } else {
      run_forward<at::BFloat16>(x, y, statistics, weight, bias, running_mean, running_variance, momentum, epsilon);
    }
    context->save_for_backward({x, statistics});
    return y;
  }

  static tensor_list backward(AutogradContext *context, tensor_list gradients) {
    auto saved = context->get_saved_variables();
    auto &x = saved[0], &statistics = saved[1];
    auto dy = gradients[0].to(x.scalar_type());
    if (!is_slice_of_channels(dy)) dy = dy.contiguous(at::MemoryFormat::ChannelsLast);
    auto dx = at::empty_like(x);
    auto parameters = at::empty({2, x.size(1)}, statistics.options());
    if (x.scalar_type() == at::kFloat) {
      run_backward<float>(x, dy, statistics, dx, parameters);
    } else {
      run_backward<at::BFloat16>(x, dy, statistics, dx, parameters);
    }
    return {dx, parameters[0], parameters[1], at::Tensor(), at::Tensor(), at::Tensor(), at::Tensor()};
  }

 private:
  template <class Element>
  static void run_forward(const at::Tensor &input, const at::Tensor &output, const at::Tensor &statistics,
                          const at::Tensor &weight, const at::Tensor &bias, const at::Tensor &running_mean,
                          const at::Tensor &running_variance, double momentum, double epsilon) {
    auto x = matrix<Element>(input);
    auto n = static_cast<double>(x.rows);
    float *mean = statistics.mutable_data_ptr<float>(), *inverse_deviation = mean + x.channels,
          *scale = mean + 2 * x.channels, *shift = mean + 3 * x.channels;
    float *moving_mean = running_mean.mutable_data_ptr<float>();
    float *moving_variance = running_variance.mutable_data_ptr<float>();
    const float *w = ct::elements<float>(weight), *b = ct::elements<float>(bias);

    // Moments about the running mean, which is near the batch's, lose no digits to cancellation.
    auto sums = summed(x.rows, x.channels, [&](int64_t begin, int64_t end, double *first, double *second) {
      moments(x, begin, end, moving_mean, first, second);
    });
    for (int64_t c = 0; c < x.channels; ++c) {
      double offset = sums.first[c] / n;
      double variance = std::max(sums.second[c] / n - offset * offset, 0.0);
      double batch_mean = moving_mean[c] + offset;
      mean[c] = static_cast<float>(batch_mean);
      inverse_deviation[c] = static_cast<float>(1 / std::sqrt(variance + epsilon));
      scale[c] = w[c] * inverse_deviation[c];
      shift[c] = static_cast<float>(b[c] - batch_mean * scale[c]);
      moving_mean[c] = static_cast<float>((1 - momentum) * moving_mean[c] + momentum * batch_mean);
      double unbiased = variance * n / std::max(n - 1, 1.0);
      moving_variance[c] = static_cast<float>((1 - momentum) * moving_variance[c] + momentum * unbiased);
    }
    auto *y = output.mutable_data_ptr<Element>();
    ct::parallel_parts(x.rows, minimum_rows_a_thread, [&](int64_t, int64_t begin, int64_t end) {
      ::forward(x, begin, end, scale, shift, y);
    });
  }

  template <class Element>
  static void run_backward(const at::Tensor &input, const at::Tensor &output_gradient, const at::Tensor &statistics,
                           const at::Tensor &input_gradient_out, const at::Tensor &parameters) {
    auto x = matrix<Element>(input);
    auto n = static_cast<double>(x.rows);
    auto dy = matrix<Element>(output_gradient);
    if (is_slice_of_channels(output_gradient)) dy.row_stride = output_gradient.stride(3);
    const float *mean = ct::elements<float>(statistics), *inverse_deviation = mean + x.channels,
                *scale = mean + 2 * x.channels, *shift = mean + 3 * x.channels;
    float *weight_gradient = parameters.mutable_data_ptr<float>(), *bias_gradient = weight_gradient + x.channels;

    auto sums = summed(x.rows, x.channels, [&](int64_t begin, int64_t end, double *first, double *second) {
      gradient_sums(x, dy, begin, end, scale, shift, mean, first, second);
    });
    std::vector<float> constant(x.channels), slope(x.channels);
    for (int64_t c = 0; c < x.channels; ++c) {
      double deviation = inverse_deviation[c], dw = sums.second[c] * deviation, db = sums.first[c];
      weight_gradient[c] = static_cast<float>(dw);
      bias_gradient[c] = static_cast<float>(db);
      slope[c] = static_cast<float>(dw * deviation / n);
      constant[c] = static_cast<float>(db / n - mean[c] * (dw * deviation / n));
    }
    auto *dx = input_gradient_out.mutable_data_ptr<Element>();
    ct::parallel_parts(x.rows, minimum_rows_a_thread, [&](int64_t, int64_t begin, int64_t end) {
      input_gradient(x, dy, begin, end, scale, shift, constant.data(), slope.data(), dx);
    });
  }
};

/// Whether the kernels above serve: float32 statistics, float32 or bfloat16 values on the CPU, whole vectors of channels.
bool is_served(const at::Tensor &x, const at::Tensor &weight) {
  return x.is_cpu() && (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16) &&
         weight.scalar_type() == at::kFloat && x.size(1) % lanes == 0 && x.numel() > 0;
}

}  // namespace

CTStatus ct_batch_norm_silu(CTTensor *out, CTTensor x, CTTensor weight, CTTensor bias, CTTensor running_mean,
                            CTTensor running_variance, double momentum, double epsilon) {
  return ct::guarded([&] {
    auto &input = ct::get(x);
    if (is_served(input, ct::get(weight))) {
      *out = ct::give(BatchNormSiLU::apply(input, ct::get(weight), ct::get(bias), ct::get(running_mean),
                                           ct::get(running_variance), momentum, epsilon));
    } else {
      *out = ct::give(at::silu(at::batch_norm(input, ct::get(weight), ct::get(bias), ct::get(running_mean),
                                              ct::get(running_variance), /*training=*/true, momentum, epsilon,
                                              /*cudnn_enabled=*/true)));
    }
  });
}
