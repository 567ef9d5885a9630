// What a file is, by its first bytes, and its pixels: JPEG (libjpeg-turbo), PNG (libspng), WebP (libwebp), GIF's first
// frame (giflib). EXIF orientation is applied (exiv2), transparency is laid over white, and grey, palette, 16-bit and
// CMYK pictures become RGB.
// Untrusted input: the header is read first and bounds what is allocated.
// Threads: free functions without state; any number at once.
// Tested by tests/core/vision/decode/decode_test.cc, image_format_test.cc and the tests of each decoder
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/vision/decode/image.h"

namespace lookalike {

enum class ImageFormat { jpeg, png, webp, gif, unknown };

ImageFormat image_format(std::string_view bytes);

// The bytes from where a picture begins: behind blank lines, a byte order mark or other stray bytes that a program
// wrote before it, 512 at most. All of them when there is none, or when they begin another kind of file, such as a
// document.
std::string_view picture_in(std::string_view bytes);

// For messages about bytes of an unknown format: "an HTML page, not an image", "empty (0 bytes)",
// "a HEIC image, which is not supported: convert it to JPEG or PNG".
std::string describe_unknown_format(std::string_view bytes);

// Errors: bad_data, saying what the bytes are ("an HTML page, not an image", "truncated JPEG: ...") or what limit
// they break. No file name: the caller knows it. A file that ends inside its picture is refused, see jpeg_decoder.cc.
Result<Image> decode_image(std::string_view bytes, const DecodeLimits& limits = {});

// One decoder a format; decode_image() tells which. Errors: bad_data. Each stands in a file of its own, which says what
// is refused and what is tolerated.

// Orientation applied. REQUIRES: bytes start with FF D8 FF
Result<Image> decode_jpeg(std::string_view bytes, const DecodeLimits& limits);
// Orientation applied. REQUIRES: bytes start with PNG's signature
Result<Image> decode_png(std::string_view bytes, const DecodeLimits& limits);
// Orientation applied. REQUIRES: bytes start with RIFF....WEBP
Result<Image> decode_webp(std::string_view bytes, const DecodeLimits& limits);
// REQUIRES: bytes start with GIF87a or GIF89a
Result<Image> decode_gif(std::string_view bytes, const DecodeLimits& limits);

}  // namespace lookalike
