// The address of a file on this disk.
// Threads: a free function without state.
// Tested by tests/providers/common/file_url_test.cc
#pragma once

#include <string>
#include <string_view>

#include "core/base/text/text.h"
#include "core/http/url.h"

namespace lookalike {

// "/my pics/cat.jpg" -> "file:///my%20pics/cat.jpg", whatever bytes the path is made of. REQUIRES: an absolute path
inline std::string file_url(std::string_view path) {
  std::string url = "file://";
  bool first = true;
  for (const std::string& part : split(path, '/')) {
    url += (first ? "" : "/") + percent_encode(part);
    first = false;
  }
  return url;
}

}  // namespace lookalike
