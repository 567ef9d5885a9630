// Runs over a folder of query images, by the real binary against the stand-in of Flickr.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/text/digest.h"
#include "core/base/text/json.h"
#include "tests/command/command_fixture.h"

namespace lookalike::test {

class BatchTest : public CommandTest {
 protected:
  static constexpr int kQueries = 6;

  void SetUp() override {
    for (int i = 0; i < kQueries; ++i)
      folder_.write("queries/q" + std::to_string(i) + ".jpg", make_jpeg(40 * i, 250 - 40 * i, 20 * i));
    start_service();
  }

  std::string queries() const { return (folder_.path() / "queries").string(); }
  std::string query(int i) const { return queries() + "/q" + std::to_string(i) + ".jpg"; }
  std::string output() const { return (folder_.path() / "out.jsonl").string(); }

  // A run over `images` with few photos each.
  std::vector<std::string> batch(std::vector<std::string> images, std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        "--model", "tiny.onnx", "--endpoint",        service_->endpoint(), "--api-key", kTestKey, "--no-classify",
        "--tag",   "thing",     "--keep-duplicates", "--max-images",       "8",         "--top",  "3"};
    arguments.insert(arguments.begin(), images.begin(), images.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  std::vector<std::string> to_file(std::vector<std::string> more = {}) const {
    more.insert(more.end(), {"--format", "jsonl", "--output", output()});
    return batch({queries()}, std::move(more));
  }

  static std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);)
      lines.push_back(line);
    return lines;
  }
  // The name of each document's image, in the order of the lines; a line that is no document is "?".
  static std::vector<std::string> sources_of(const std::string& text) {
    std::vector<std::string> sources;
    for (const std::string& line : lines_of(text)) {
      const auto document = parse_json(line);
      const auto* query = document.ok() ? json_member(*document, "query") : nullptr;
      std::string source = query == nullptr ? "?" : json_text(*query, "source").value_or("?");
      if (query != nullptr) {
        if (const auto bytes = json_text(*query, "source_base64")) source = base64_decode(*bytes).value_or("?");
      }
      sources.push_back(std::move(source));
    }
    return sources;
  }
  std::vector<std::string> written() const { return sources_of(contents(output())); }
  std::vector<std::string> all_queries() const {
    std::vector<std::string> all;
    for (int i = 0; i < kQueries; ++i)
      all.push_back(query(i));
    return all;
  }
};

}  // namespace lookalike::test
