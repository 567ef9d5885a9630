#include "core/base/text/json_writer.h"

#include <cmath>

#include "core/base/text/text.h"

namespace lookalike {

JsonWriter::JsonWriter(JsonStyle style) : writer_(std::in_place_type<Line>, buffer_) {
  if (style == JsonStyle::pretty) writer_.emplace<Pretty>(buffer_).SetIndent(' ', 2);
}

void JsonWriter::key(const char* name) {
  std::visit([name](auto& writer) { writer.Key(name); }, writer_);
}

void JsonWriter::begin_object() {
  std::visit([](auto& writer) { writer.StartObject(); }, writer_);
}

void JsonWriter::end_object() {
  std::visit([](auto& writer) { writer.EndObject(); }, writer_);
}

void JsonWriter::begin_array() {
  std::visit([](auto& writer) { writer.StartArray(); }, writer_);
}

void JsonWriter::end_array() {
  std::visit([](auto& writer) { writer.EndArray(); }, writer_);
}

void JsonWriter::text(const char* name, std::string_view value) {
  key(name);
  std::visit([value](auto& writer) { writer.String(valid_utf8(value)); }, writer_);
}

void JsonWriter::text_or_null(const char* name, std::string_view value) {
  value.empty() ? null(name) : text(name, value);
}

void JsonWriter::texts(const char* name, const std::vector<std::string>& values) {
  array(name, [&] {
    for (const std::string& value : values)
      std::visit([&value](auto& writer) { writer.String(valid_utf8(value)); }, writer_);
  });
}

void JsonWriter::integer(const char* name, int64_t value) {
  key(name);
  std::visit([value](auto& writer) { writer.Int64(value); }, writer_);
}

void JsonWriter::unsigned_integer(const char* name, uint64_t value) {
  key(name);
  std::visit([value](auto& writer) { writer.Uint64(value); }, writer_);
}

void JsonWriter::number(const char* name, double value) {
  if (!std::isfinite(value)) return null(name);
  key(name);
  std::visit([value](auto& writer) { writer.Double(value); }, writer_);
}

void JsonWriter::boolean(const char* name, bool value) {
  key(name);
  std::visit([value](auto& writer) { writer.Bool(value); }, writer_);
}

void JsonWriter::null(const char* name) {
  key(name);
  std::visit([](auto& writer) { writer.Null(); }, writer_);
}

}  // namespace lookalike
