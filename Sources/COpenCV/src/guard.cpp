#include "guard.h"

#include <string>

#include <opencv2/core/utils/logger.hpp>

namespace {

std::string &message() {
  thread_local std::string text;
  return text;
}

/// The callers' own threads share the work, image by image; OpenCV's pool would only get in their way. Its warnings would go
/// to the terminal, into the middle of a progress bar; what matters of them comes back as a status.
const bool is_quiet_and_single_threaded = [] {
  cv::setNumThreads(0);
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
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
