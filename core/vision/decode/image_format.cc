#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>

#include "core/base/text/text.h"
#include "core/vision/decode/decode.h"

namespace lookalike {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::string_view bytes;
  std::string_view what;
};

// Pictures that other programs can turn into ours.
constexpr std::array kOtherImages = {
    Signature{"II*\0"sv, "a TIFF image"},
    Signature{"MM\0*"sv, "a TIFF image"},
    Signature{"8BPS"sv, "a Photoshop document"},
    Signature{"\xff\x0a"sv, "a JPEG XL image"},
    Signature{"\0\0\0\x0cJXL "sv, "a JPEG XL image"},
    Signature{"\0\0\0\x0cjP  "sv, "a JPEG 2000 image"},
    Signature{"\0\0\1\0"sv, "an icon file (ICO)"},
    Signature{"BM"sv, "a BMP image"},
};

constexpr std::array kOtherFiles = {
    Signature{"%PDF"sv, "a PDF document"},
    Signature{"PK\3\4"sv, "a ZIP archive or office document"},
    Signature{"\x1f\x8b"sv, "gzip-compressed data"},
    Signature{"\x7f"
              "ELF"sv,
              "a program"},
    Signature{"\x1a\x45\xdf\xa3"sv, "a Matroska or WebM video"},
    Signature{"ID3"sv, "an MP3 sound file"},
    Signature{"OggS"sv, "an Ogg sound or video file"},
};

template <size_t N>
std::optional<std::string_view> match(std::string_view bytes, const std::array<Signature, N>& signatures) {
  const auto found = std::find_if(signatures.begin(), signatures.end(),
                                  [&](const Signature& signature) { return bytes.starts_with(signature.bytes); });
  if (found == signatures.end()) return std::nullopt;
  return found->what;
}

// Files of the ISO container: a size, "ftyp", then the brand.
std::optional<std::string> container_name(std::string_view bytes) {
  if (bytes.size() < 12 || bytes.substr(4, 4) != "ftyp") return std::nullopt;
  const std::string_view brand = bytes.substr(8, 4);
  const std::string advice = ", which is not supported: convert it to JPEG or PNG";
  if (brand == "avif" || brand == "avis") return "an AVIF image" + advice;
  if (brand == "heic" || brand == "heix" || brand == "mif1" || brand == "hevc") return "a HEIC image" + advice;
  return "a video, not an image";
}

std::optional<std::string> markup_name(std::string_view start) {
  const std::string lower = ascii_lower(start);
  if (lower.find("<svg") != std::string::npos) {
    return "an SVG drawing, which is not supported: convert it to PNG";
  }
  if (lower.starts_with("<!doctype html") || lower.find("<html") != std::string::npos || lower.starts_with("<head")) {
    return "an HTML page, not an image";
  }
  if (lower.starts_with("<")) return "an XML document, not an image";
  return std::nullopt;
}

constexpr size_t kLookedAt = 1024;

bool is_text(std::string_view bytes) {
  return std::none_of(bytes.begin(), bytes.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
  });
}

std::string_view without_leading_space(std::string_view bytes) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const size_t start = bytes.find_first_not_of(" \t\r\n");
  return start == std::string_view::npos ? std::string_view{} : bytes.substr(start);
}

// What makes the bytes a file of another kind.
bool is_other_format(std::string_view bytes) {
  return container_name(bytes) || match(bytes, kOtherImages) || match(bytes, kOtherFiles) ||
         markup_name(without_leading_space(bytes.substr(0, kLookedAt)));
}

}  // namespace

ImageFormat image_format(std::string_view bytes) {
  if (bytes.starts_with("\xff\xd8\xff")) return ImageFormat::jpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1a\n")) return ImageFormat::png;
  if (bytes.starts_with("GIF87a") || bytes.starts_with("GIF89a")) return ImageFormat::gif;
  if (bytes.size() >= 12 && bytes.starts_with("RIFF") && bytes.substr(8, 4) == "WEBP") return ImageFormat::webp;
  return ImageFormat::unknown;
}

std::string_view picture_in(std::string_view bytes) {
  constexpr size_t kMostStrayBytes = 512;
  if (image_format(bytes) != ImageFormat::unknown || is_other_format(bytes)) return bytes;
  for (size_t at = 1; at <= kMostStrayBytes && at < bytes.size(); ++at) {
    if (image_format(bytes.substr(at)) != ImageFormat::unknown) return bytes.substr(at);
  }
  return bytes;
}

std::string describe_unknown_format(std::string_view bytes) {
  if (bytes.empty()) return "empty (0 bytes)";
  const std::string_view start = bytes.substr(0, kLookedAt);
  if (const auto name = container_name(start)) return *name;
  if (const auto name = match(start, kOtherImages)) {
    return std::string(*name) + ", which is not supported: convert it to JPEG or PNG";
  }
  if (const auto name = match(start, kOtherFiles)) return std::string(*name) + ", not an image";
  const std::string_view text = without_leading_space(start);
  if (is_text(start)) {
    if (const auto name = markup_name(text)) return *name;
    if (text.starts_with('{') || text.starts_with('[')) return "JSON, not an image";
    return "text, not an image";
  }
  return "not an image of a known format (JPEG, PNG, WebP, GIF)";
}

}  // namespace lookalike
