// The text of a short piece of HTML, as wikis put it where a name is meant: tags removed, entities decoded.
// For a title or a name in untrusted input, not for documents. Of the named entities those that names have; libxml2
// knows all, but brings ICU's 35 MB along to every start of the program. Cost: O(length). Threads: free functions
// without state. Tested by tests/providers/html_text_test.cc; fuzzed.
#pragma once

#include <string>
#include <string_view>

namespace lookalike {

// White space collapsed, fit for a terminal; the contents of <style> and <script> and comments are left out.
std::string html_text(std::string_view html);

// The first link's address: http(s) as it is, "//host/path" as https; empty when it is neither or there is none.
std::string first_link(std::string_view html);

}  // namespace lookalike
