#include "co_geometry.h"
#include "guard.h"

#include <opencv2/imgproc.hpp>

COStatus co_resize(COView destination, COView source, COInterpolation interpolation) {
  return co::guarded([&] {
    cv::Mat result = co::matrix(destination);
    cv::resize(co::matrix(source), result, result.size(), 0, 0,
               interpolation == CO_AREA ? cv::INTER_AREA : cv::INTER_LINEAR);
    co::require_in_place(result, destination);
  });
}

COStatus co_turn_upright(COView destination, COView source, int32_t orientation) {
  return co::guarded([&] {
    constexpr int vertically = 0, horizontally = 1, both = -1;
    const cv::Mat image = co::matrix(source);
    cv::Mat result = co::matrix(destination);
    if (orientation >= 5) cv::transpose(image, result);
    switch (orientation) {
      case 2: cv::flip(image, result, horizontally); break;
      case 3: cv::flip(image, result, both); break;
      case 4: cv::flip(image, result, vertically); break;
      case 5: break;
      case 6: cv::flip(result, result, horizontally); break;
      case 7: cv::flip(result, result, both); break;
      case 8: cv::flip(result, result, vertically); break;
      default: image.copyTo(result);
    }
    co::require_in_place(result, destination);
  });
}
