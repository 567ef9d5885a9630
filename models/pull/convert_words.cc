#include <rapidjson/error/en.h>
#include <rapidjson/filereadstream.h>
#include <rapidjson/reader.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/pull/convert.h"
#include "models/word_vector_file.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxValues = size_t{1} << 28;  // a gigabyte of them
constexpr size_t kMaxWordBytes = 1000;

// Takes what the parser meets, one event at a time; false ends the parsing.
class VectorCollector : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, VectorCollector> {
 public:
  explicit VectorCollector(std::stop_token stop) : stop_(std::move(stop)) {}

  bool Default() { return true; }  // null, true, false, text
  bool Int(int value) { return number(value); }
  bool Uint(unsigned value) { return number(value); }
  bool Int64(int64_t value) { return number(static_cast<double>(value)); }
  bool Uint64(uint64_t value) { return number(static_cast<double>(value)); }
  bool Double(double value) { return number(value); }

  bool Key(const char* text, rapidjson::SizeType length, bool) {
    if (depth_ == 1) member_.assign(text, length);
    if (depth_ != 2 || member_ != "vectors") return true;
    if (length > kMaxWordBytes) return refuse("a word is too long");
    table_.words.emplace_back(text, length);
    values_here_ = 0;
    return !stop_.stop_requested();
  }

  bool StartObject() { return enter(); }
  bool EndObject(rapidjson::SizeType) { return leave(); }
  bool StartArray() { return enter(); }
  bool EndArray(rapidjson::SizeType) {
    if (in_vector() && values_here_ < table_.dimensions) return refuse("a vector is too short");
    return leave();
  }

  bool complete() const { return !table_.words.empty() && table_.values.size() == table_.words.size() * dimensions(); }
  const WordTable& table() const { return table_; }
  const std::string& problem() const { return problem_; }

 private:
  size_t dimensions() const { return table_.dimensions; }
  bool in_vector() const { return depth_ == 3 && member_ == "vectors"; }

  bool enter() {
    ++depth_;
    return true;
  }
  bool leave() {
    --depth_;
    return true;
  }

  bool number(double value) {
    if (depth_ == 1 && member_ == "dimensions") {
      if (!(value >= 1 && value <= 4096) || dimensions() != 0) return refuse("the number of dimensions cannot be");
      table_.dimensions = static_cast<size_t>(value);
    }
    if (!in_vector()) return true;
    if (dimensions() == 0) return refuse("the number of dimensions is missing before the vectors");
    if (values_here_++ >= dimensions()) return true;  // what follows a vector
    if (table_.values.size() >= kMaxValues) return refuse("there are too many vectors");
    table_.values.push_back(static_cast<float>(value));
    return true;
  }

  bool refuse(const char* problem) {
    problem_ = problem;
    return false;
  }

  std::stop_token stop_;
  WordTable table_;
  std::string member_;  // of the outermost object
  int depth_ = 0;       // 1 in the outermost object, 2 in its "vectors", 3 in one vector
  size_t values_here_ = 0;
  std::string problem_;
};

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

Status convert_words(const fs::path& json, const fs::path& out, std::stop_token stop) {
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(json.c_str(), "rbe"));
  if (!file) return Error{ErrorCode::usage, "cannot read " + json.string() + ": " + std::strerror(errno)};
  std::vector<char> buffer(1 << 16);
  rapidjson::FileReadStream stream(file.get(), buffer.data(), buffer.size());
  VectorCollector collector(stop);
  rapidjson::Reader reader;
  const auto parsed = reader.Parse<rapidjson::kParseIterativeFlag>(stream, collector);
  if (stop.stop_requested()) return Error{ErrorCode::interrupted, "interrupted while converting word vectors"};
  if (!parsed.IsError() && collector.complete()) return write_word_vectors(collector.table(), out);
  std::string problem = "no vectors in it";
  if (parsed.IsError()) {
    const char* const text = rapidjson::GetParseError_En(parsed.Code());
    problem =
        (collector.problem().empty() ? text : collector.problem()) + " at byte " + std::to_string(parsed.Offset());
  }
  return Error{ErrorCode::bad_data, json.filename().string() + " is not the JSON of word vectors: " + problem};
}

}  // namespace lookalike
