// The text of a short piece of HTML, as wikis put it where a name is meant: tags removed, entities decoded.
// For a title or a name in untrusted input, not for documents. Of the named entities those that names have; libxml2
// knows all, but brings ICU's 35 MB along to every start of the program. Cost: O(length). Threads: free functions
// without state. Tested by tests/providers/common/html_text_test.cc; fuzzed.
#pragma once

#include <string>
#include <string_view>

namespace lookalike {

// White space collapsed, fit for a terminal; the contents of <style> and <script> and comments are left out.
std::string html_text(std::string_view html);

// Text that was escaped once too often before it was sent, as old records have it: "Caf\\u00e9 &amp; bar" gives
// "Café & bar". Entities, and \uXXXX (in pairs beyond U+FFFF) and \xXX as code points, each decoded once, so that
// "&amp;amp;" gives "&amp;". What is no escape stays as it is. The result may hold control characters.
std::string unescaped_text(std::string_view text);

// The first link's address: http(s) as it is, "//host/path" as https; empty when it is neither or there is none.
std::string first_link(std::string_view html);

}  // namespace lookalike
