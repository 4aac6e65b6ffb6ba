#pragma once

#include "co_status.h"
#include "co_view.h"

#include <exception>
#include <new>

#include <opencv2/core.hpp>

namespace co {

/// Keeps the message for `co_last_error` and gives `status` back.
COStatus failure(COStatus status, const char *message) noexcept;

/// The only try/catch of this target: no exception leaves it.
template <typename Body>
COStatus guarded(Body body) noexcept {
  try {
    body();
    return CO_OK;
  } catch (const cv::Exception &error) {
    return failure(error.code == cv::Error::StsNoMem ? CO_OUT_OF_MEMORY : CO_FAILED, error.err.c_str());
  } catch (const std::bad_alloc &) {
    return failure(CO_OUT_OF_MEMORY, "not enough memory");
  } catch (const std::exception &error) {
    return failure(CO_FAILED, error.what());
  } catch (...) {
    return failure(CO_FAILED, "unknown error");
  }
}

/// OpenCV's header over borrowed pixels.
inline cv::Mat matrix(COView view) {
  return cv::Mat(view.height, view.width, CV_8UC3, view.data, static_cast<size_t>(view.row_bytes));
}

/// Says that a call did not write into the caller's pixels but replaced them, which only a wrong size can cause.
inline void require_in_place(const cv::Mat &result, COView view) {
  CV_Assert(result.data == view.data && "the destination has the wrong size");
}

}  // namespace co
