#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "cli/options/command_line.h"
#include "core/base/text/text.h"

namespace lookalike {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string utf8(uint32_t code) {
  const auto byte = [](uint32_t value) { return static_cast<char>(value); };
  if (code < 0x80) return {byte(code)};
  if (code < 0x800) return {byte(0xC0 | code >> 6), byte(0x80 | (code & 0x3F))};
  if (code < 0x10000) return {byte(0xE0 | code >> 12), byte(0x80 | (code >> 6 & 0x3F)), byte(0x80 | (code & 0x3F))};
  return {byte(0xF0 | code >> 18), byte(0x80 | (code >> 12 & 0x3F)), byte(0x80 | (code >> 6 & 0x3F)),
          byte(0x80 | (code & 0x3F))};
}

// Reads values of one line after the other; the position is that of the next byte.
class SettingsReader {
 public:
  explicit SettingsReader(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }

  Result<std::vector<Setting>> read() {
    std::vector<Setting> settings;
    while (at_ < text_.size()) {
      if (const Status read = read_line(settings); !read.ok()) return read.error();
    }
    return settings;
  }

 private:
  Error wrong(const std::string& what) const {
    return Error{ErrorCode::usage, "line " + std::to_string(line_) + ": " + what};
  }

  char here() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  bool at_end_of_line() const { return here() == '\n'; }
  // Over the newline, if there is one.
  void next_line() {
    at_ = std::min(text_.size(), text_.find('\n', at_));
    if (at_ < text_.size()) ++at_;
    ++line_;
  }
  void skip_blanks() {
    while (is_blank(here()))
      ++at_;
  }
  std::string_view rest_of_line() const { return text_.substr(at_, text_.find('\n', at_) - at_); }

  // Whether nothing but a comment is left.
  bool line_is_over() {
    skip_blanks();
    return at_end_of_line() || here() == '#';
  }

  Status read_line(std::vector<Setting>& settings) {
    skip_blanks();
    if (at_end_of_line() || here() == '#' || here() == ';') {
      next_line();
      return {};
    }
    if (here() == '[') {
      return wrong(terminal_safe(trim(rest_of_line())) +
                   " begins a section, but sections have no meaning here: write name = value");
    }
    Setting setting{.line = line_};
    const std::string_view line = rest_of_line();
    const size_t equals = std::min(line.find('='), line.find(" #"));
    const bool has_value = equals < line.size() && line[equals] == '=';
    setting.name = name_of(line.substr(0, equals));
    if (setting.name.empty()) return wrong("there is no name before the '='");
    at_ += has_value ? equals + 1 : 0;
    auto values = has_value ? read_values() : Result<std::vector<std::string>>(std::vector<std::string>{"true"});
    if (!values.ok()) return values.error();
    setting.values = std::move(*values);
    add(settings, std::move(setting));
    next_line();
    return {};
  }

  static std::string name_of(std::string_view text) {
    text = trim(text);
    const bool quoted = text.size() > 1 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
    if (quoted) text = text.substr(1, text.size() - 2);
    text.remove_prefix(std::min(text.size(), text.find_first_not_of('-')));
    return std::string(text);
  }

  static void add(std::vector<Setting>& settings, Setting setting) {
    const auto same = std::find_if(settings.begin(), settings.end(),
                                   [&setting](const Setting& known) { return known.name == setting.name; });
    if (same == settings.end()) return settings.push_back(std::move(setting));
    std::move(setting.values.begin(), setting.values.end(), std::back_inserter(same->values));
  }

  Result<std::vector<std::string>> read_values() {
    skip_blanks();
    if (here() == '[') {
      if (auto list = read_list()) return *std::move(list);
    }
    if (here() != '"' && here() != '\'') return std::vector<std::string>{read_bare()};
    auto text = read_quoted();
    if (!text) return wrong("a closing quote is missing");
    if (!line_is_over()) {
      return wrong("there is text after the closing quote; write a quote inside a value as \\\"");
    }
    return std::vector<std::string>{*std::move(text)};
  }

  // To the end of the line, or to a comment with a blank before it.
  std::string read_bare() {
    const std::string_view line = rest_of_line();
    size_t end = line.starts_with('#') ? 0 : line.size();
    for (size_t i = 1; i < end; ++i) {
      if (line[i] == '#' && is_blank(line[i - 1])) end = i;
    }
    return std::string(trim(line.substr(0, end)));
  }

  // Nothing when the quote does not end on its line; then the position is as before.
  std::optional<std::string> read_quoted() {
    const size_t begin = at_;
    const char quote = text_[at_++];
    std::string value;
    for (; !at_end_of_line(); ++at_) {
      if (here() == quote) {
        ++at_;
        return value;
      }
      if (here() == '\\' && quote == '"')
        value += read_escape();
      else
        value += here();
    }
    at_ = begin;
    return std::nullopt;
  }

  // Leaves the position at its last byte. What is no escape stays as it is.
  std::string read_escape() {
    if (at_ + 1 >= text_.size()) return "\\";
    const char letter = text_[at_ + 1];
    switch (letter) {
      case '"':
      case '\\': ++at_; return {letter};
      case 'n': ++at_; return "\n";
      case 't': ++at_; return "\t";
      case 'r': ++at_; return "\r";
      case 'u': return read_code_point(4);
      case 'U': return read_code_point(8);
      default: return "\\";
    }
  }

  std::string read_code_point(size_t digits) {
    const std::string_view number = text_.substr(at_ + 2, digits);
    uint32_t code = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), code, 16);
    const bool is_code = error == std::errc() && number.size() == digits && end == number.data() + digits &&
                         code != 0 && code < 0x110000 && (code < 0xD800 || code > 0xDFFF);
    if (!is_code) return "\\";
    at_ += 1 + digits;
    return utf8(code);
  }

  // Nothing when it is no list after all, as in "[2019] Trip": then the position is as before.
  std::optional<std::vector<std::string>> read_list() {
    const size_t begin = at_;
    const int first_line = line_;
    ++at_;
    std::vector<std::string> values;
    while (skip_to_element()) {
      if (here() == ']') {
        ++at_;
        if (line_is_over()) return values;
        break;
      }
      auto value = here() == '"' || here() == '\'' ? read_quoted() : read_bare_element();
      if (!value) break;
      values.push_back(*std::move(value));
      if (!skip_to_element() || (here() != ',' && here() != ']')) break;
      if (here() == ',') ++at_;
    }
    at_ = begin;
    line_ = first_line;
    return std::nullopt;
  }

  // Over blanks, comments and ends of lines; false at the end of the file.
  bool skip_to_element() {
    while (at_ < text_.size()) {
      skip_blanks();
      if (at_ == text_.size()) return false;
      if (here() != '\n' && here() != '#') return true;
      next_line();
    }
    return false;
  }

  std::optional<std::string> read_bare_element() {
    const size_t end = text_.find_first_of(",[]\n", at_);
    const std::string_view element = trim(text_.substr(at_, std::min(end, text_.size()) - at_));
    if (element.empty()) return std::nullopt;
    at_ = std::min(end, text_.size());
    return std::string(element);
  }

  std::string_view text_;
  size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

Result<std::vector<Setting>> parse_settings(std::string_view text) {
  return SettingsReader(text).read();
}

}  // namespace lookalike
