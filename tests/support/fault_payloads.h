// Hostile bodies: JSON that is not what it should be, pictures that are bombs.
// Threads: free functions without state.
#pragma once

#include <cstdint>
#include <string>

namespace lookalike::test {

// `value` in place of the member of the photos in an answer of Flickr's search, or of the first `count` of them.
std::string with_photo_text(const std::string& answer, const std::string& member, const std::string& value,
                            size_t count = SIZE_MAX);
// Every photo twice, the second time under another title.
std::string with_photos_doubled(const std::string& answer);
// A comma too many at the end of the list of photos, when there are any.
std::string with_trailing_comma(const std::string& answer);
// `bytes`, which need not be UTF-8, in place of the word "thing" wherever it stands.
std::string with_raw_bytes(const std::string& answer, const std::string& bytes);

// gzip of so many bytes of 'a'.
std::string gzip_bomb(int64_t bytes);
// A PNG of 20,000 x 20,000 pixels in a few kilobytes.
std::string png_bomb();
// One frame of 64 x 64 pixels.
std::string animated_webp();

}  // namespace lookalike::test
