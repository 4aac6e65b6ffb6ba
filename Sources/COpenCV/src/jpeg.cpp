// JPEG straight into RGB memory, and no more of it than is wanted. OpenCV's decoder gives the same pixels, but of the whole
// picture, in BGR, a row at a time and into memory of its own; JPEG decoding bounds how fast a data set can be read.

#include "co_jpeg.h"
#include "guard.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstring>

#include <jpeglib.h>
#include <jerror.h>

namespace {

struct ErrorManager {
  jpeg_error_mgr base;  // first: libjpeg hands this address back
  jmp_buf on_error;
  COStatus status;
  char message[JMSG_LENGTH_MAX];
  jpeg_progress_mgr progress;
};

// A few bytes can claim many pixels, and every scan of a progressive file goes through all of them.

/// Bytes that one file may take beside the pixels: the frequencies of a progressive picture of three full planes, as large as
/// any that is read, are 1 GiB.
constexpr long most_memory = 5L << 28;
/// Encoders write a dozen scans; more than hundreds have no use.
constexpr int most_scans = 500;
/// Pixels times scans: of the largest pictures 24 scans, which is seconds of work.
constexpr int64_t most_work = int64_t{1} << 32;

[[noreturn]] void leave_saying(j_common_ptr info, const char *message) {
  auto *errors = reinterpret_cast<ErrorManager *>(info->err);
  std::snprintf(errors->message, sizeof errors->message, "%s", message);
  longjmp(errors->on_error, 1);
}

[[noreturn]] void leave(j_common_ptr info) {
  auto *errors = reinterpret_cast<ErrorManager *>(info->err);
  if (info->err->msg_code == JERR_NO_BACKING_STORE) leave_saying(info, "it needs too much memory to be decoded");
  if (info->err->msg_code == JERR_OUT_OF_MEMORY) errors->status = CO_OUT_OF_MEMORY;
  info->err->format_message(info, errors->message);
  longjmp(errors->on_error, 1);
}

/// Called again and again while the scans are read.
void limit_scans(j_common_ptr info) {
  const auto *decoder = reinterpret_cast<j_decompress_ptr>(info);
  if (decoder->input_scan_number > most_scans) leave_saying(info, "it has too many scans: more than 500");
  const int64_t pixels = int64_t{decoder->image_width} * decoder->image_height;
  if (decoder->input_scan_number * pixels > most_work) leave_saying(info, "it has too many scans for its size");
}

/// Warnings (an early end, stray bytes) are no failure, as in OpenCV, and belong on nobody's terminal: the first is kept.
void keep_warning(j_common_ptr info, int level) {
  if (level >= 0) return;
  auto *errors = reinterpret_cast<ErrorManager *>(info->err);
  if (info->err->num_warnings++ == 0) info->err->format_message(info, errors->message);
}

/// Ready to read the header of `bytes`. The caller has called `setjmp`.
void begin(jpeg_decompress_struct &decoder, const uint8_t *bytes, size_t count) {
  jpeg_create_decompress(&decoder);
  decoder.mem->max_memory_to_use = most_memory;
  jpeg_mem_src(&decoder, bytes, count);
  jpeg_read_header(&decoder, TRUE);
  if (jpeg_has_multiple_scans(&decoder)) {
    auto *errors = reinterpret_cast<ErrorManager *>(decoder.err);
    errors->progress = jpeg_progress_mgr{};
    errors->progress.progress_monitor = limit_scans;
    decoder.progress = &errors->progress;
  }
}

void use(jpeg_decompress_struct &decoder, ErrorManager &errors) {
  decoder.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = leave;
  errors.base.emit_message = keep_warning;
  errors.status = CO_FAILED;
}

constexpr JDIMENSION most_rows = 16;

/// Rows from `first` on, where the decoder stands, as wide as the picture, straight to where they belong.
void read_rows(jpeg_decompress_struct &decoder, COView out, JDIMENSION first) {
  const JDIMENSION end = first + static_cast<JDIMENSION>(out.height);
  while (decoder.output_scanline < end) {
    JSAMPROW rows[most_rows];
    const JDIMENSION wanted = std::min(end - decoder.output_scanline, most_rows);
    for (JDIMENSION row = 0; row < wanted; row++)
      rows[row] = out.data + static_cast<int64_t>(decoder.output_scanline - first + row) * out.row_bytes;
    jpeg_read_scanlines(&decoder, rows, wanted);
  }
}

/// The same for some columns, by way of rows that begin with column `left` of the picture and are `width` wide. `store` puts
/// pixels where they belong.
template <typename Store>
void read_columns(jpeg_decompress_struct &decoder, COView out, const COJPEGRequest &request, JDIMENSION left, JDIMENSION width,
                  Store store) {
  const auto first = static_cast<JDIMENSION>(request.y), end = first + static_cast<JDIMENSION>(out.height);
  const auto common = reinterpret_cast<j_common_ptr>(&decoder);
  const auto components = static_cast<JDIMENSION>(decoder.output_components);
  JSAMPARRAY rows = decoder.mem->alloc_sarray(common, JPOOL_IMAGE, components * width, most_rows);
  const JDIMENSION unwanted = components * (static_cast<JDIMENSION>(request.x) - left);
  while (decoder.output_scanline < end) {
    const JDIMENSION row = decoder.output_scanline;
    const JDIMENSION got = jpeg_read_scanlines(&decoder, rows, std::min((row < first ? first : end) - row, most_rows));
    for (JDIMENSION i = 0; i < got && row >= first; i++)
      store(out.data + static_cast<int64_t>(row - first + i) * out.row_bytes, rows[i] + unwanted, static_cast<size_t>(out.width));
  }
}

void store_rgb(uint8_t *out, const uint8_t *rgb, size_t width) { std::memcpy(out, rgb, 3 * width); }

/// Inks as OpenCV turns them into colours. Files hold what the inks leave over: 255 is none.
void store_inks(uint8_t *out, const uint8_t *inks, size_t width) {
  for (size_t i = 0; i < width; i++, out += 3, inks += 4) {
    const int black = inks[3];
    for (int c = 0; c < 3; c++) out[c] = static_cast<uint8_t>(black - ((255 - inks[c]) * black >> 8));
  }
}

/// Whether libjpeg gives a part of this file exactly as it gives the whole: found out by trying all kinds.
bool has_exact_parts(const jpeg_decompress_struct &decoder) {
  // Of a progressive file that lacks its last scans, blocks are smoothed, differently at the edge of a part.
  constexpr int smoothed_coefficients = 10;
  if (decoder.coef_bits) {
    for (int c = 0; c < decoder.num_components; c++)
      for (int i = 0; i < smoothed_coefficients; i++)
        if (decoder.coef_bits[c][i] != 0) return false;
  }
  if (decoder.num_components == 1) return true;
  for (int c = 1; c < decoder.num_components; c++)
    if (decoder.comp_info[c].h_samp_factor != 1 || decoder.comp_info[c].v_samp_factor != 1) return false;
  const int across = decoder.comp_info[0].h_samp_factor, down = decoder.comp_info[0].v_samp_factor;
  return across != 3 && down != 3 && across * down <= 4;
}

void read_part(jpeg_decompress_struct &decoder, COView out, const COJPEGRequest &request) {
  const auto x = static_cast<JDIMENSION>(request.x), y = static_cast<JDIMENSION>(request.y);
  const auto width = static_cast<JDIMENSION>(out.width);
  if (!has_exact_parts(decoder)) return read_columns(decoder, out, request, 0, decoder.output_width, store_rgb);
  if (width == decoder.output_width) {
    if (y > 0) jpeg_skip_scanlines(&decoder, y);
    return read_rows(decoder, out, y);
  }
  // Colours are interpolated from neighbours, which must have been decoded.
  constexpr JDIMENSION margin = 8;
  JDIMENSION left = x - std::min(x, margin);
  JDIMENSION cropped = std::min(x + width + margin, decoder.output_width) - left;
  jpeg_crop_scanline(&decoder, &left, &cropped);
  if (y > 0) jpeg_skip_scanlines(&decoder, y);
  read_columns(decoder, out, request, left, cropped, store_rgb);
}

}  // namespace

COStatus co_decode_jpeg(COView out, const uint8_t *bytes, size_t count, const COJPEGRequest *request) {
  // Nothing between setjmp and longjmp may need a destructor.
  jpeg_decompress_struct decoder;
  ErrorManager errors;
  use(decoder, errors);
  if (setjmp(errors.on_error)) {
    jpeg_destroy_decompress(&decoder);
    return co::failure(errors.status, errors.message);
  }
  begin(decoder, bytes, count);
  const bool is_inks = decoder.num_components == 4;
  decoder.out_color_space = is_inks ? JCS_CMYK : JCS_RGB;
  decoder.scale_num = 1;
  decoder.scale_denom = static_cast<unsigned>(request->denominator);
  jpeg_start_decompress(&decoder);
  if (decoder.output_width != static_cast<JDIMENSION>(request->width) ||
      decoder.output_height != static_cast<JDIMENSION>(request->height)) {
    jpeg_destroy_decompress(&decoder);
    return co::failure(CO_FAILED, "its headers contradict each other");
  }
  if (is_inks) {
    read_columns(decoder, out, *request, 0, decoder.output_width, store_inks);
  } else if (out.width == request->width && out.height == request->height) {
    read_rows(decoder, out, 0);
  } else {
    read_part(decoder, out, *request);
  }
  // What follows the last row that is wanted is nobody's concern, not even whether the file has an end.
  jpeg_destroy_decompress(&decoder);
  return CO_OK;
}

COStatus co_check_jpeg(bool *is_whole, const uint8_t *bytes, size_t count) {
  jpeg_decompress_struct decoder;
  ErrorManager errors;
  use(decoder, errors);
  if (setjmp(errors.on_error)) {
    jpeg_destroy_decompress(&decoder);
    return co::failure(errors.status, errors.message);
  }
  begin(decoder, bytes, count);
  jpeg_start_decompress(&decoder);
  const auto common = reinterpret_cast<j_common_ptr>(&decoder);
  const JDIMENSION row_bytes = decoder.output_width * static_cast<JDIMENSION>(decoder.output_components);
  JSAMPARRAY rows = decoder.mem->alloc_sarray(common, JPOOL_IMAGE, row_bytes, most_rows);
  while (decoder.output_scanline < decoder.output_height && errors.base.num_warnings == 0)
    jpeg_read_scanlines(&decoder, rows, most_rows);
  if (errors.base.num_warnings == 0) jpeg_finish_decompress(&decoder);
  *is_whole = errors.base.num_warnings == 0;
  if (!*is_whole) co::failure(CO_OK, errors.message);
  jpeg_destroy_decompress(&decoder);
  return CO_OK;
}
