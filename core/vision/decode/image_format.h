// What a file is, by its first bytes: a picture that can be read here, or a name for what it is instead.
// Threads: free functions without state.
// Tested by tests/core/vision/decode/image_format_test.cc
#pragma once

#include <string>
#include <string_view>

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

}  // namespace lookalike
