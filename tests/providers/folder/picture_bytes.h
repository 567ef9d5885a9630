// The smallest real picture files, made by the libraries that also read them.
#pragma once

#include <spng.h>
#include <webp/encode.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "tests/support/jpeg_writer.h"

namespace lookalike::test {

inline std::string jpeg_bytes() {
  const std::array<unsigned char, 8 * 8 * 3> pixels{};
  return write_jpeg(pixels, 8, 8, TJSAMP_444, 80);
}

inline std::string png_bytes() {
  const std::array<unsigned char, 8 * 8 * 3> pixels{};
  spng_ctx* const context = spng_ctx_new(SPNG_CTX_ENCODER);
  spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
  spng_ihdr header{};
  header.width = header.height = 8;
  header.bit_depth = 8;
  header.color_type = SPNG_COLOR_TYPE_TRUECOLOR;
  spng_set_ihdr(context, &header);
  int error = spng_encode_image(context, pixels.data(), pixels.size(), SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
  size_t size = 0;
  void* const out = spng_get_png_buffer(context, &size, &error);
  std::string bytes(static_cast<const char*>(out), size);
  std::free(out);
  spng_ctx_free(context);
  if (error != 0) throw std::runtime_error("cannot make a PNG");
  return bytes;
}

inline std::string webp_bytes() {
  const std::array<unsigned char, 8 * 8 * 3> pixels{};
  uint8_t* out = nullptr;
  const size_t size = WebPEncodeLosslessRGB(pixels.data(), 8, 8, 24, &out);
  std::string bytes(reinterpret_cast<const char*>(out), size);
  WebPFree(out);
  if (size == 0) throw std::runtime_error("cannot make a WebP");
  return bytes;
}

}  // namespace lookalike::test
