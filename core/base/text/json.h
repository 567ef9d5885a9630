// JSON from outside: parsed without recursion, bounded in depth, and read without trusting any type. And JSON of our
// own, written so that no bracket can be left open.
// Library: RapidJSON (header only). Trailing commas are let pass: Flickr has been seen to send them.
// Threads: free functions without state; a JsonWriter belongs to one thread.
// Tested by tests/core/base/text/json_test.cc
#pragma once

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace lookalike {

inline constexpr int kMaxJsonDepth = 64;

// Errors: bad_data with the position and the start of what was there instead ("<html>…").
Result<rapidjson::Document> parse_json(std::string_view text, int max_depth = kMaxJsonDepth);

// A member of an object; null when `value` is no object or has no such member.
const rapidjson::Value* json_member(const rapidjson::Value& value, std::string_view name);

// The member as text: strings as they are, numbers printed; nothing for other types. Always valid UTF-8.
std::optional<std::string> json_text(const rapidjson::Value& value, std::string_view name);

// The member as an integer: numbers, and strings that hold one ("320"); nothing for anything else.
std::optional<int64_t> json_integer(const rapidjson::Value& value, std::string_view name);

// Writes one JSON value, without spaces. An object or array takes a function that writes what is in it, and is closed
// when that returns:
//   json.object([&] {
//     json.member("id", photo.id);
//     json.array("tags", [&] { for (const auto& tag : photo.tags) json.value(tag); });
//   });
class JsonWriter {
 public:
  template <std::invocable Fill>
  void object(const Fill& fill) {
    writer_.StartObject();
    fill();
    writer_.EndObject();
  }
  template <std::invocable Fill>
  void array(const Fill& fill) {
    writer_.StartArray();
    fill();
    writer_.EndArray();
  }
  template <std::invocable Fill>
  void object(std::string_view name, const Fill& fill) {
    key(name);
    object(fill);
  }
  template <std::invocable Fill>
  void array(std::string_view name, const Fill& fill) {
    key(name);
    array(fill);
  }

  // REQUIRES of texts: valid UTF-8
  void value(std::string_view text) { writer_.String(text.data(), static_cast<rapidjson::SizeType>(text.size())); }
  void value(const char* text) { value(std::string_view(text)); }
  void value(std::same_as<bool> auto truth) { writer_.Bool(truth); }
  void value(std::signed_integral auto number) { writer_.Int64(number); }
  void value(double number) { writer_.Double(number); }  // REQUIRES: finite
  void null() { writer_.Null(); }
  template <typename Value>
  void member(std::string_view name, const Value& of) {
    key(name);
    value(of);
  }

  // Before each member of an object that is not written by name.
  void key(std::string_view name) { writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }

  // The value as text. REQUIRES: it was written
  std::string text() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_{buffer_};
};

}  // namespace lookalike
