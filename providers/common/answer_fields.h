// Fields of answers from services, made safe: bounded, valid UTF-8, and nothing that deceives when shown; and the
// address of a file, for sources whose photos are files.
// A field is named by its path: "user/login" is a member of a member, "data/0/title" one of the first object in a list.
// Text and numbers are read from objects only. Untrusted input of any type.
// Threads: free functions without state.
// Tested by tests/providers/common/answer_fields_test.cc, html_text_test.cc and the tests of parsers; fuzzed with them.
#pragma once

#include <rapidjson/document.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lookalike {

inline constexpr size_t kMaxAnswerTags = 75;  // Flickr's own limit for one photo, and enough for any

// The value at the path; null when there is none.
const rapidjson::Value* value_at(const rapidjson::Value& value, std::string_view path);
// The elements of the list at the path; none when it is no list.
std::span<const rapidjson::Value> list_at(const rapidjson::Value& value, std::string_view path);

// http(s), no blanks or control characters, at most 2048 bytes.
bool is_web_url(std::string_view url);
// The field when it is such a URL, else empty. Host names and paths in other scripts come in their ASCII form.
std::string web_url(const rapidjson::Value& value, std::string_view path);

// "/my pics/cat.jpg" -> "file:///my%20pics/cat.jpg", whatever bytes the path is made of. REQUIRES: an absolute path
std::string file_url(std::string_view path);

// The first `count` code points of `utf8`. REQUIRES: valid UTF-8
std::string clip_text(std::string_view utf8, size_t count);
// The field as text of at most 500 code points; empty for anything but text and numbers.
std::string short_text(const rapidjson::Value& value, std::string_view path);
// The field as an integer; 0 for anything else.
int64_t number_at(const rapidjson::Value& value, std::string_view path);

// Letters, digits, '-' and '_' only, at most 64: fit for a path or a file name.
bool is_plain_id(std::string_view id);

// Adds the tag, cleaned, unless it is empty, there already, longer than 100 bytes, or one too many. In a query a
// leading '-' would exclude the tag, so it loses that.
void add_tag(std::vector<std::string>& tags, std::string_view raw);

// Likewise each tag of the field: a list of text, or text with separators in it, or a list of such.
void add_tags(std::vector<std::string>& tags, const rapidjson::Value& value, std::string_view path, char separator);

// "Title" by Owner, licence; empty without a licence or an owner.
std::string attribution_line(const std::string& title, const std::string& owner, const std::string& license);

// A short piece of HTML, as wikis put it where a name is meant, not a document: its text, with white space collapsed,
// fit for a terminal. <style>, <script> and comments are left out. Of the named entities those that names have; libxml2
// knows all, but brings ICU's 35 MB along to every start of the program. Cost: O(length).
std::string html_text(std::string_view html);
// The first link's address: http(s) as it is, "//host/path" as https; empty when it is neither or there is none.
std::string first_link(std::string_view html);

// Text that was escaped once too often before it was sent, as old records have it: "Caf\\u00e9 &amp; bar" gives
// "Café & bar". Entities, and \uXXXX (in pairs beyond U+FFFF) and \xXX as code points, each decoded once, so that
// "&amp;amp;" gives "&amp;". What is no escape stays as it is. The result may hold control characters.
std::string unescaped_text(std::string_view text);

}  // namespace lookalike
