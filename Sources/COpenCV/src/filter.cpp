#include "co_filter.h"
#include "guard.h"

#include <opencv2/imgproc.hpp>

namespace {

/// Lets `change` work on one channel of the picture in another colour space.
template <typename Change>
void change_channel_0(COView view, int to_space, int to_rgb, Change change) {
  cv::Mat image = co::matrix(view), converted, channel;
  cv::cvtColor(image, converted, to_space);
  cv::extractChannel(converted, channel, 0);
  change(channel);
  cv::insertChannel(channel, converted, 0);
  cv::cvtColor(converted, image, to_rgb);
  co::require_in_place(image, view);
}

}  // namespace

COStatus co_blur(COView view, int32_t size) {
  return co::guarded([&] {
    cv::Mat image = co::matrix(view);
    cv::blur(image, image, cv::Size(size, size));
    co::require_in_place(image, view);
  });
}

COStatus co_median_blur(COView view, int32_t size) {
  return co::guarded([&] {
    cv::Mat image = co::matrix(view);
    cv::medianBlur(image, image, size);
    co::require_in_place(image, view);
  });
}

COStatus co_to_gray(COView view) {
  return co::guarded([&] {
    cv::Mat image = co::matrix(view), gray;
    cv::cvtColor(image, gray, cv::COLOR_RGB2GRAY);
    cv::cvtColor(gray, image, cv::COLOR_GRAY2RGB);
    co::require_in_place(image, view);
  });
}

COStatus co_equalize(COView view) {
  return co::guarded([&] {
    change_channel_0(view, cv::COLOR_RGB2YUV, cv::COLOR_YUV2RGB, [](cv::Mat &luma) { cv::equalizeHist(luma, luma); });
  });
}

COStatus co_equalize_adaptively(COView view, COBrightness brightness, double clip_limit, int32_t tiles) {
  return co::guarded([&] {
    const auto equalizer = cv::createCLAHE(clip_limit, cv::Size(tiles, tiles));
    const auto change = [&](cv::Mat &channel) { equalizer->apply(channel, channel); };
    if (brightness == CO_LUMA) {
      change_channel_0(view, cv::COLOR_RGB2YUV, cv::COLOR_YUV2RGB, change);
    } else {
      change_channel_0(view, cv::COLOR_RGB2Lab, cv::COLOR_Lab2RGB, change);
    }
  });
}
