#include "co_paste.h"
#include "guard.h"

#include <opencv2/imgproc.hpp>

COStatus co_fill_polygon(uint8_t *mask, int32_t width, int32_t height, const int32_t *corners, size_t corner_count) {
  return co::guarded([&] {
    cv::Mat image(height, width, CV_8UC1, mask);
    const int count = static_cast<int>(corner_count);
    static_assert(sizeof(cv::Point) == 2 * sizeof(int32_t));
    const cv::Point *points = reinterpret_cast<const cv::Point *>(corners);
    cv::fillPoly(image, &points, &count, 1, cv::Scalar(255));
  });
}

void co_paste_mirrored(COView destination, COView source, const uint8_t *mask, int64_t mask_row_bytes) {
  const int width = destination.width;
  for (int y = 0; y < destination.height; y++) {
    const uint8_t *is_inside = mask + y * mask_row_bytes;
    const uint8_t *in = source.data + y * source.row_bytes;
    uint8_t *out = destination.data + y * destination.row_bytes + 3 * (width - 1);
    for (int x = 0; x < width; x++, in += 3, out -= 3) {
      if (!is_inside[x]) continue;
      for (int c = 0; c < 3; c++) out[c] = in[c] ? in[c] : out[c];
    }
  }
}
