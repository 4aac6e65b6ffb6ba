#pragma once

// Between C handles and libtorch: included by every source of CTorch, never by a public header.

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <new>
#include <string>
#include <utility>
#include <vector>

#include "ct_tensor.h"

namespace ct {

/// The message that `ct_last_error` returns on this thread.
std::string &last_error();

/// The only try/catch of CTorch: turns whatever `body` throws into a status and a message.
template <class Body>
CTStatus guarded(Body body) noexcept {
  try {
    body();
    return CT_OK;
  } catch (const c10::OutOfMemoryError &error) {
    last_error() = error.what_without_backtrace();
    return CT_OUT_OF_MEMORY;
  } catch (const std::bad_alloc &) {
    last_error() = "out of memory";
    return CT_OUT_OF_MEMORY;
  } catch (const c10::Error &error) {
    last_error() = error.what_without_backtrace();
    // The CPU allocator of libtorch reports exhaustion as an ordinary error.
    return last_error().find("allocate memory") != std::string::npos ? CT_OUT_OF_MEMORY : CT_FAILED;
  } catch (const std::exception &error) {
    last_error() = error.what();
    return CT_FAILED;
  } catch (...) {
    last_error() = "unknown C++ exception";
    return CT_FAILED;
  }
}

inline const at::Tensor &get(CTTensor x) { return *static_cast<const at::Tensor *>(x.pointer); }

/// An empty handle is an undefined tensor, which libtorch takes as "none".
inline at::Tensor get_or_none(CTTensor x) { return x.pointer ? get(x) : at::Tensor(); }

inline CTTensor give(at::Tensor x) { return {new at::Tensor(std::move(x))}; }

/// The elements of x to read, which are of that type. libtorch 2.11 exports its own typed function under a name that only
/// GCC gives it: a program that clang compiles does not link with it.
template <class Element>
const Element *elements(const at::Tensor &x) {
  return static_cast<const Element *>(x.const_data_ptr());
}

inline std::vector<at::Tensor> get(CTTensorList list) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(list.count);
  for (size_t i = 0; i < list.count; ++i) tensors.push_back(get(list.tensors[i]));
  return tensors;
}

/// A factor for elements of x: libtorch takes only whole numbers for integers.
inline at::Scalar factor(const at::Tensor &x, double value) {
  return at::isIntegralType(x.scalar_type(), /*includeBool=*/true) ? at::Scalar(static_cast<int64_t>(value)) : at::Scalar(value);
}

inline at::IntArrayRef get(CTShape shape) { return {shape.values, shape.count}; }

inline at::Device get(CTDevice device) {
  return device.index < 0 ? at::Device(at::kCPU) : at::Device(at::kCUDA, static_cast<c10::DeviceIndex>(device.index));
}

inline at::MemoryFormat get(CTMemoryFormat format) {
  return format == CT_CHANNELS_LAST ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
}

inline at::ScalarType get(CTScalarType type) {
  switch (type) {
    case CT_UINT8: return at::kByte;
    case CT_INT32: return at::kInt;
    case CT_INT64: return at::kLong;
    case CT_FLOAT16: return at::kHalf;
    case CT_BFLOAT16: return at::kBFloat16;
    case CT_FLOAT32: return at::kFloat;
    case CT_FLOAT64: return at::kDouble;
    case CT_BOOL: return at::kBool;
    case CT_OTHER: break;
  }
  TORCH_CHECK(false, "a scalar type that CTorch does not name");
}

}  // namespace ct
