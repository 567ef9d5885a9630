// Tells the picture that a service delivers in the place of one that is gone, with status 200 as if all were well.
// Flickr, say, leads the address of a deleted photo by a redirect to /pw/images/en-us/photo_unavailable_n.png.
// There is no rule for it, so it goes by addresses:
// - "photo unavailable", "image not found" and the like in the name of the file that came in the end. Names that people
//   may give to their photos ("missing", "removed") count only after a redirect from a name without them;
// - a redirect that leads two different photos to one file: no photo is at two addresses by that. The first of them is
//   not known by it, since nothing distinguishes it yet.
// Threads: any. Memory: bounded.
// Tested by tests/core/pipeline/gone_picture_test.cc
#pragma once

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace lookalike {

// Whether what was asked for at `asked` and came from `came_from`, both URLs, is such a picture, by its name.
bool is_gone_picture(std::string_view asked, std::string_view came_from);

class GonePictures {
 public:
  // Likewise, or because other photos have led there.
  bool is_one(const std::string& asked, const std::string& came_from);

 private:
  static constexpr size_t kMost = 10'000;  // redirects that are remembered

  std::mutex mutex_;
  std::unordered_map<std::string, std::string> led_by_;  // where a redirect ended -> the address that led there first
};

}  // namespace lookalike
