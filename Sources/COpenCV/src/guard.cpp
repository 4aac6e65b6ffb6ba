#include "guard.h"

#include <string>

namespace {

std::string &message() {
  thread_local std::string text;
  return text;
}

/// The callers' own threads share the work, image by image; OpenCV's pool would only get in their way.
const bool single_threaded = [] {
  cv::setNumThreads(0);
  return true;
}();

}  // namespace

COStatus co::failure(COStatus status, const char *text) noexcept {
  try {
    message() = text;
  } catch (...) {
    message().clear();
  }
  return status;
}

const char *co_last_error(void) { return message().c_str(); }
