// Makes libcurl read host names as UTF-8: it asks libidn2, which takes text to be in the locale's encoding, and a
// program has "C" there until it asks for another. The locale is this thread's alone, so no other part sees a change.
// Threads: each instance on the thread that made it. The HTTP loop needs it for the name of a proxy; parse_url() asks
// libidn2 itself.
#pragma once

#include <locale.h>

namespace lookalike {

class Utf8Locale {
 public:
  Utf8Locale() : before_(uselocale(utf8())) {}
  ~Utf8Locale() { uselocale(before_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  // Null, which changes nothing, where there is no such locale: then only names in ASCII work.
  static locale_t utf8() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
  }

  const locale_t before_;
};

}  // namespace lookalike
