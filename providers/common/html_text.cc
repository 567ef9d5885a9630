#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"

namespace lookalike {
namespace {

constexpr size_t kLongestEntity = 12;

using Entity = std::pair<std::string_view, std::string_view>;
constexpr std::array<Entity, 37> kEntities{{
    {"amp", "&"},    {"lt", "<"},     {"gt", ">"},     {"quot", "\""},  {"apos", "'"},   {"nbsp", " "},
    {"ndash", "–"},  {"mdash", "—"},  {"hellip", "…"}, {"copy", "©"},   {"reg", "®"},    {"middot", "·"},
    {"laquo", "«"},  {"raquo", "»"},  {"lsquo", "‘"},  {"rsquo", "’"},  {"ldquo", "“"},  {"rdquo", "”"},
    {"auml", "ä"},   {"ouml", "ö"},   {"uuml", "ü"},   {"Auml", "Ä"},   {"Ouml", "Ö"},   {"Uuml", "Ü"},
    {"szlig", "ß"},  {"eacute", "é"}, {"egrave", "è"}, {"ecirc", "ê"},  {"aacute", "á"}, {"agrave", "à"},
    {"iacute", "í"}, {"oacute", "ó"}, {"uacute", "ú"}, {"ntilde", "ñ"}, {"ccedil", "ç"}, {"aring", "å"},
    {"oslash", "ø"},
}};

void append_code_point(std::string& out, uint32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  } else if (c < 0x10000) {
    out += {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
            static_cast<char>(0x80 | (c & 0x3F))};
  } else {
    out += {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
            static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
  }
}

// "#228" or "#xE4".
std::optional<uint32_t> numbered(std::string_view name) {
  if (!name.starts_with('#')) return std::nullopt;
  name.remove_prefix(1);
  const bool hex = name.starts_with('x') || name.starts_with('X');
  if (hex) name.remove_prefix(1);
  uint32_t code = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), code, hex ? 16 : 10);
  const bool whole = error == std::errc() && end == name.data() + name.size();
  const bool is_character = code > 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  return whole && is_character ? std::optional(code) : std::nullopt;
}

// Decodes the entity at the beginning of `text` and says how long it is; nothing when there is none.
size_t decode_entity(std::string_view text, std::string& out) {
  const size_t end = text.substr(0, kLongestEntity).find(';');
  if (end == std::string_view::npos) return 0;
  const std::string_view name = text.substr(1, end - 1);
  if (const auto code = numbered(name)) {
    append_code_point(out, *code);
    return end + 1;
  }
  const auto known = std::find_if(kEntities.begin(), kEntities.end(), [&](const Entity& e) { return e.first == name; });
  if (known == kEntities.end()) return 0;
  out += known->second;
  return end + 1;
}

std::string decoded(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t used = text[at] == '&' ? decode_entity(text.substr(at), out) : 0;
    if (used == 0) out += text[at];
    at += std::max<size_t>(used, 1);
  }
  return out;
}

std::optional<uint32_t> hex_at(std::string_view text, size_t at, size_t digits) {
  if (text.size() < at + digits) return std::nullopt;
  uint32_t code = 0;
  const char* const end = text.data() + at + digits;
  const auto [stop, error] = std::from_chars(text.data() + at, end, code, 16);
  return error == std::errc() && stop == end ? std::optional(code) : std::nullopt;
}

// Decodes the \uXXXX or \xXX at the beginning of `text` and says how long it is; nothing when there is none.
size_t decode_escape(std::string_view text, std::string& out) {
  const bool is_byte = text.starts_with("\\x");
  if (!is_byte && !text.starts_with("\\u")) return 0;
  size_t length = is_byte ? 4 : 6;
  auto code = hex_at(text, 2, length - 2);
  if (code && *code >= 0xD800 && *code < 0xDC00 && text.substr(length).starts_with("\\u")) {
    const auto low = hex_at(text, length + 2, 4);
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      code = 0x10000 + ((*code - 0xD800) << 10) + (*low - 0xDC00);
      length += 6;
    }
  }
  if (!code || *code == 0 || (*code >= 0xD800 && *code < 0xE000)) return 0;
  append_code_point(out, *code);
  return length;
}

bool begins_tag(std::string_view text) {
  const char next = text.size() > 1 ? text[1] : ' ';
  return (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '/' || next == '!' || next == '?';
}

// Where what begins with '<' ends, quotes in it included.
size_t tag_end(std::string_view text) {
  if (text.starts_with("<!--")) {
    const size_t end = text.find("-->");
    return end == std::string_view::npos ? text.size() : end + 3;
  }
  char quote = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else if (text[i] == '>') {
      return i + 1;
    }
  }
  return text.size();
}

// The rest after an element whose contents are no text.
size_t skipped_contents(std::string_view lower, size_t at) {
  for (const std::string_view name : {"style", "script"}) {
    if (!lower.substr(at + 1).starts_with(name)) continue;
    const size_t end = lower.find("</" + std::string(name), at);
    return end == std::string_view::npos ? lower.size() : end;
  }
  return at;
}

}  // namespace

std::string html_text(std::string_view html) {
  const std::string lower = ascii_lower(html);
  std::string text;
  for (size_t at = 0; at < html.size();) {
    if (html[at] != '<' || !begins_tag(html.substr(at))) {
      const size_t end = std::min(html.find('<', at + 1), html.size());
      text += decoded(html.substr(at, end - at));
      at = end;
      continue;
    }
    const size_t contents_end = skipped_contents(lower, at);
    if (contents_end != at) {
      at = contents_end;
      continue;
    }
    const size_t length = tag_end(html.substr(at));
    const std::string_view name = std::string_view(lower).substr(at + 1, 3);
    if (name.starts_with("br") || name.starts_with("p") || name.starts_with("li") || name.starts_with("div"))
      text += ' ';
    at += length;
  }
  return terminal_safe(text);
}

std::string unescaped_text(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    const size_t used = rest[0] == '&' ? decode_entity(rest, out) : rest[0] == '\\' ? decode_escape(rest, out) : 0;
    if (used == 0) out += rest[0];
    at += std::max<size_t>(used, 1);
  }
  return out;
}

std::string first_link(std::string_view html) {
  constexpr std::string_view kHref = "href=\"";
  const size_t start = html.find(kHref);
  if (start == std::string_view::npos) return {};
  const std::string_view rest = html.substr(start + kHref.size());
  const size_t end = rest.find('"');
  if (end == std::string_view::npos) return {};
  std::string url = decoded(rest.substr(0, end));
  if (url.starts_with("//")) url.insert(0, "https:");
  return is_web_url(url) ? url : std::string();
}

}  // namespace lookalike
