#include "co_codec.h"
#include "guard.h"

#include <memory>
#include <string>
#include <vector>

#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

using Bytes = std::vector<uint8_t>;

static cv::Mat &get(COImage image) { return *static_cast<cv::Mat *>(image.raw); }
static Bytes &get(COBytes bytes) { return *static_cast<Bytes *>(bytes.raw); }

const char *co_opencv_version(void) {
  static const std::string version = cv::getVersionString();
  return version.c_str();
}

COStatus co_decode(COImage *out, const uint8_t *bytes, size_t count) {
  return co::guarded([&] {
    CV_Assert(count > 0 && count <= static_cast<size_t>(INT_MAX) && "the file is empty or larger than 2 GiB");
    const cv::Mat file(1, static_cast<int>(count), CV_8UC1, const_cast<uint8_t *>(bytes));
    auto image = std::make_unique<cv::Mat>(cv::imdecode(file, cv::IMREAD_COLOR));
    if (image->empty()) throw std::runtime_error("it is no image of a known format, or it is damaged");
    out->raw = image.release();
  });
}

void co_image_size(COImage image, int32_t *width, int32_t *height) {
  *width = get(image).cols;
  *height = get(image).rows;
}

COStatus co_image_copy(COView destination, COImage image) {
  return co::guarded([&] {
    cv::Mat rgb = co::matrix(destination);
    cv::cvtColor(get(image), rgb, cv::COLOR_BGR2RGB);
    co::require_in_place(rgb, destination);
  });
}

void co_image_free(COImage image) { delete static_cast<cv::Mat *>(image.raw); }

static COStatus encode(COBytes *out, COView source, const char *extension, const std::vector<int> &parameters) {
  return co::guarded([&] {
    cv::Mat bgr;
    cv::cvtColor(co::matrix(source), bgr, cv::COLOR_RGB2BGR);
    auto bytes = std::make_unique<Bytes>();
    if (!cv::imencode(extension, bgr, *bytes, parameters)) throw std::runtime_error("the image cannot be encoded");
    out->raw = bytes.release();
  });
}

COStatus co_encode_jpeg(COBytes *out, COView source, int32_t quality) {
  return encode(out, source, ".jpg", {cv::IMWRITE_JPEG_QUALITY, quality});
}

COStatus co_encode_png(COBytes *out, COView source) { return encode(out, source, ".png", {}); }

const uint8_t *co_bytes_data(COBytes bytes) { return get(bytes).data(); }
size_t co_bytes_count(COBytes bytes) { return get(bytes).size(); }
void co_bytes_free(COBytes bytes) { delete static_cast<Bytes *>(bytes.raw); }
