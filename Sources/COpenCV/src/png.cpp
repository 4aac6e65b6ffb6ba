// PNG straight into RGB memory. OpenCV's decoder gives the same pixels, but in BGR and into memory of its own, and lets libpng
// complain on the terminal about every damaged file.

#include "co_png.h"
#include "guard.h"

#include <cstdio>
#include <cstring>

#include <png.h>

namespace {

struct Source {
  const uint8_t *bytes;
  size_t count;
  char complaint[128];
};

void read(png_structp png, png_bytep out, size_t count) {
  auto *source = static_cast<Source *>(png_get_io_ptr(png));
  if (count > source->count) png_error(png, "it ends early");
  std::memcpy(out, source->bytes, count);
  source->bytes += count;
  source->count -= count;
}

[[noreturn]] void leave(png_structp png, png_const_charp complaint) {
  auto *source = static_cast<Source *>(png_get_error_ptr(png));
  std::snprintf(source->complaint, sizeof source->complaint, "%s", complaint);
  png_longjmp(png, 1);
}

/// A wrong profile or checksum of a comment is no failure, and belongs on nobody's terminal.
void pass_over(png_structp, png_const_charp) {}

/// Asks for 8-bit RGB; returns the number of passes of an interlaced picture, otherwise 1.
int request_rgb(png_structp png, png_infop info) {
  const int color = png_get_color_type(png, info);
  png_set_strip_16(png);
  png_set_strip_alpha(png);
  if (color == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png);
  if (!(color & PNG_COLOR_MASK_COLOR)) {
    png_set_expand_gray_1_2_4_to_8(png);
    png_set_gray_to_rgb(png);
  }
  const int passes = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  return passes;
}

}  // namespace

COStatus co_decode_png(COView out, const uint8_t *bytes, size_t count) {
  // Nothing between setjmp and longjmp may need a destructor.
  Source source{bytes, count, {}};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, leave, pass_over);
  png_infop info = png ? png_create_info_struct(png) : nullptr;
  if (!info) {
    png_destroy_read_struct(&png, nullptr, nullptr);
    return co::failure(CO_OUT_OF_MEMORY, "not enough memory");
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, nullptr);
    return co::failure(CO_FAILED, source.complaint);
  }
  png_set_read_fn(png, &source, read);
  png_read_info(png, info);
  const bool has_size = png_get_image_width(png, info) == static_cast<png_uint_32>(out.width) &&
                        png_get_image_height(png, info) == static_cast<png_uint_32>(out.height);
  if (!has_size) png_error(png, "its headers contradict each other");
  const int passes = request_rgb(png, info);
  if (png_get_rowbytes(png, info) != 3 * static_cast<size_t>(out.width)) png_error(png, "it is of an unknown kind");
  for (int pass = 0; pass < passes; pass++)
    for (int32_t y = 0; y < out.height; y++) png_read_row(png, out.data + y * out.row_bytes, nullptr);
  png_read_end(png, nullptr);
  png_destroy_read_struct(&png, &info, nullptr);
  return CO_OK;
}
