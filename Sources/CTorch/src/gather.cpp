// Rows and a column of a matrix, with one gradient for both.

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>
#include <torch/csrc/autograd/custom_function.h>

#include "bridge.h"
#include "ct_nn.h"

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::tensor_list;

struct GatherRowsAndColumn : torch::autograd::Function<GatherRowsAndColumn> {
  static tensor_list forward(AutogradContext *context, const at::Tensor &matrix, const at::Tensor &indices,
                             int64_t column) {
    context->save_for_backward({indices});
    context->saved_data["rows"] = matrix.size(0);
    context->saved_data["columns"] = matrix.size(1);
    context->saved_data["column"] = column;
    context->saved_data["type"] = static_cast<int64_t>(matrix.scalar_type());
    return {matrix.index_select(0, indices).to(at::kFloat), matrix.select(1, column).to(at::kFloat, false, true)};
  }

  static tensor_list backward(AutogradContext *context, tensor_list gradients) {
    auto indices = context->get_saved_variables()[0];
    auto type = static_cast<at::ScalarType>(context->saved_data["type"].toInt());
    auto gradient = at::zeros({context->saved_data["rows"].toInt(), context->saved_data["columns"].toInt()},
                              indices.options().dtype(type));
    if (gradients[1].defined()) gradient.select(1, context->saved_data["column"].toInt()).copy_(gradients[1]);
    if (gradients[0].defined()) gradient.index_add_(0, indices, gradients[0].to(type));
    return {gradient, at::Tensor(), at::Tensor()};
  }
};

}  // namespace

CTStatus ct_gather_rows_and_column(CTTensor *rows, CTTensor *column, CTTensor matrix, CTTensor indices,
                                   int64_t column_index) {
  return ct::guarded([&] {
    auto parts = GatherRowsAndColumn::apply(ct::get(matrix), ct::get(indices), column_index);
    *rows = ct::give(parts[0]);
    *column = ct::give(parts[1]);
  });
}
