// Writes a JSON document. Objects and arrays are given as functions that write what is in them, so none is left open.
//   JsonWriter json(JsonStyle::line);
//   json.object([&] {
//     json.text("schema", "lookalike/1");
//     json.array("tags", tags, [&](const Tag& tag) { json.text("tag", tag.name); });  // an object for each
//   });
//   json.take();  // {"schema":"lookalike/1","tags":[{"tag":"cat"}]}
// Numbers are finite and text is valid UTF-8, whatever is given.
// Threads: one.
// Tested by tests/core/base/text/json_writer_test.cc
#pragma once

#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace lookalike {

enum class JsonStyle { pretty, line };

class JsonWriter {
 public:
  explicit JsonWriter(JsonStyle style);

  // The document, or an item of an array.
  template <typename Members>
  void object(Members members) {
    begin_object();
    members();
    end_object();
  }
  template <typename Members>
  void object(const char* name, Members members) {
    key(name);
    object(members);
  }
  template <typename Items>
  void array(const char* name, Items items) {
    key(name);
    begin_array();
    items();
    end_array();
  }
  // An object for each of `values`, whose members `write` writes.
  template <typename Values, typename Write>
  void array(const char* name, const Values& values, Write write) {
    array(name, [&] {
      for (const auto& value : values)
        object([&] { write(value); });
    });
  }

  void text(const char* name, std::string_view value);
  // Null for an empty text.
  void text_or_null(const char* name, std::string_view value);
  void texts(const char* name, const std::vector<std::string>& values);
  void integer(const char* name, int64_t value);
  void unsigned_integer(const char* name, uint64_t value);
  // Null for what is no finite number.
  void number(const char* name, double value);
  void boolean(const char* name, bool value);
  void null(const char* name);

  // The document, without a newline at its end.
  std::string take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  using Line = rapidjson::Writer<rapidjson::StringBuffer>;
  using Pretty = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

  void key(const char* name);
  void begin_object();
  void end_object();
  void begin_array();
  void end_array();

  rapidjson::StringBuffer buffer_;
  std::variant<Line, Pretty> writer_;
};

}  // namespace lookalike
