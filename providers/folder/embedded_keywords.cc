#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <exception>
#include <exiv2/exiv2.hpp>
#include <string>

#include "core/base/text/text.h"
#include "core/vision/decode/orientation.h"
#include "providers/common/answer_fields.h"
#include "providers/folder/photo_words.h"

namespace lookalike {
namespace {

constexpr size_t kMaxTextCodePoints = 500;
// Real files have fewer segments before their picture; a file that has more is left alone.
constexpr int kMaxSegments = 4096;

// A file read at any place, 4 KiB at a time: a photo's first segments mostly lie in the first piece.
class Window {
 public:
  explicit Window(const std::filesystem::path& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~Window() {
    if (fd_ >= 0) ::close(fd_);
  }
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  // `count` bytes at `at`; empty when the file ends before. REQUIRES: count <= 64
  std::string_view bytes(int64_t at, size_t count) {
    if (at < start_ || at + static_cast<int64_t>(count) > start_ + size_) load(at);
    if (at + static_cast<int64_t>(count) > start_ + size_) return {};
    return {buffer_.data() + (at - start_), count};
  }

 private:
  void load(int64_t at) {
    start_ = at;
    const ssize_t got = fd_ < 0 ? -1 : ::pread(fd_, buffer_.data(), buffer_.size(), at);
    size_ = got > 0 ? got : 0;
  }

  int fd_;
  int64_t start_ = 0;
  int64_t size_ = 0;
  std::array<char, 4096> buffer_;
};

uint32_t big_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (const char c : bytes)
    value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

uint32_t little_endian(std::string_view bytes) {
  uint32_t value = 0;
  for (size_t i = bytes.size(); i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

// APP1 with an XMP packet, or APP13 with Photoshop's resources, before the picture starts.
bool jpeg_may_hold_keywords(Window& file) {
  int64_t at = 2;
  for (int segment = 0; segment < kMaxSegments; ++segment) {
    const std::string_view head = file.bytes(at, 4);
    if (head.size() < 4 || head[0] != '\xFF') return false;
    const auto marker = static_cast<unsigned char>(head[1]);
    if (marker == 0xFF) {  // a fill byte
      ++at;
      continue;
    }
    if (marker == 0xDA || marker == 0xD9) return false;
    const uint32_t length = big_endian(head.substr(2));
    if (length < 2) return false;
    if (marker == 0xED) return true;
    if (marker == 0xE1 && file.bytes(at + 4, 20) == "http://ns.adobe.com/") return true;
    at += 2 + length;
  }
  return false;
}

// XMP lies in an iTXt chunk, IPTC and XMP of older programs in zTXt or tEXt chunks ("Raw profile type …").
bool png_may_hold_keywords(Window& file) {
  int64_t at = 8;
  for (int chunk = 0; chunk < kMaxSegments; ++chunk) {
    const std::string_view head = file.bytes(at, 8);
    if (head.size() < 8) return false;
    const std::string_view type = head.substr(4);
    if (type == "IEND") return false;
    const uint32_t length = big_endian(head.substr(0, 4));
    if (type == "iTXt" && file.bytes(at + 8, 17) == "XML:com.adobe.xmp") return true;
    if ((type == "zTXt" || type == "tEXt") && file.bytes(at + 8, 16) == "Raw profile type") return true;
    at += 12 + int64_t{length};
  }
  return false;
}

bool webp_may_hold_keywords(Window& file) {
  int64_t at = 12;
  for (int chunk = 0; chunk < kMaxSegments; ++chunk) {
    const std::string_view head = file.bytes(at, 8);
    if (head.size() < 8) return false;
    if (head.substr(0, 4) == "XMP ") return true;
    const uint32_t length = little_endian(head.substr(4));
    at += 8 + int64_t{length} + (length & 1);
  }
  return false;
}

// IPTC says in a field of its own whether it is UTF-8; most programs leave that out and write Latin-1 or UTF-8.
std::string text_of_iptc(const std::string& raw) {
  if (valid_utf8(raw) == raw) return raw;
  std::string utf8;
  for (const char c : raw) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) utf8 += static_cast<char>(0xC0 | byte >> 6);
    utf8 += byte < 0x80 ? c : static_cast<char>(0x80 | (byte & 0x3F));
  }
  return utf8;
}

void set_if_empty(std::string& field, std::string_view text) {
  if (field.empty()) field = clip_text(terminal_safe(text), kMaxTextCodePoints);
}

void add_iptc(PhotoWords& words, const Exiv2::IptcData& data) {
  for (const Exiv2::Iptcdatum& item : data) {
    const std::string key = item.key();
    if (key == "Iptc.Application2.Keywords") add_tag(words, text_of_iptc(item.toString()));
    if (key == "Iptc.Application2.ObjectName") set_if_empty(words.title, text_of_iptc(item.toString()));
    if (key == "Iptc.Application2.Caption") set_if_empty(words.description, text_of_iptc(item.toString()));
  }
}

// The default language's text, else the first.
std::string text_of_alternatives(const Exiv2::Xmpdatum& item) {
  const auto* const texts = dynamic_cast<const Exiv2::LangAltValue*>(&item.value());
  if (texts == nullptr) return item.toString();
  if (texts->value_.empty()) return {};
  const auto standard = texts->value_.find("x-default");
  return standard != texts->value_.end() ? standard->second : texts->value_.begin()->second;
}

// Hierarchies such as "animals|cat" or "animals/cat": each step is a tag.
void add_path(PhotoWords& words, const std::string& path, char separator) {
  for (const std::string& step : split(path, separator))
    add_tag(words, step);
}

void add_xmp(PhotoWords& words, const Exiv2::XmpData& data) {
  for (const Exiv2::Xmpdatum& item : data) {
    const std::string key = item.key();
    if (key == "Xmp.dc.title") set_if_empty(words.title, text_of_alternatives(item));
    if (key == "Xmp.dc.description") set_if_empty(words.description, text_of_alternatives(item));
    for (long i = 0; i < item.count(); ++i) {
      if (key == "Xmp.dc.subject") add_tag(words, item.toString(i));
      if (key == "Xmp.lr.hierarchicalSubject") add_path(words, item.toString(i), '|');
      if (key == "Xmp.digiKam.TagsList") add_path(words, item.toString(i), '/');
    }
  }
}

}  // namespace

bool may_hold_keywords(const std::filesystem::path& image) {
  Window file(image);
  const std::string_view head = file.bytes(0, 12);
  if (head.starts_with("\xFF\xD8\xFF")) return jpeg_may_hold_keywords(file);
  if (head.starts_with("\x89PNG\r\n\x1A\n")) return png_may_hold_keywords(file);
  if (head.starts_with("RIFF") && head.ends_with("WEBP")) return webp_may_hold_keywords(file);
  return false;
}

Result<PhotoWords> embedded_keywords(const std::filesystem::path& image) {
  if (!may_hold_keywords(image)) return PhotoWords{};
  prepare_exiv2();
  try {
    // FileIo, because the path alone might be taken for a URL.
    const Exiv2::Image::AutoPtr opened =
        Exiv2::ImageFactory::open(Exiv2::BasicIo::AutoPtr(new Exiv2::FileIo(image.string())));
    opened->readMetadata();
    PhotoWords words;
    add_xmp(words, opened->xmpData());
    add_iptc(words, opened->iptcData());
    return words;
  } catch (const std::exception& error) {
    return Error{ErrorCode::bad_data, "cannot read the keywords inside " + terminal_safe(image.string()) + ": " +
                                          terminal_safe(error.what())};
  }
}

Result<PhotoWords> parse_xmp_packet(std::string_view packet) {
  prepare_exiv2();
  try {
    Exiv2::XmpData data;
    if (Exiv2::XmpParser::decode(data, std::string(packet)) != 0) {
      return Error{ErrorCode::bad_data, "no XMP that can be read"};
    }
    PhotoWords words;
    add_xmp(words, data);
    return words;
  } catch (const std::exception& error) {
    return Error{ErrorCode::bad_data, "no XMP that can be read: " + terminal_safe(error.what())};
  }
}

}  // namespace lookalike
