#include "tests/support/fault_payloads.h"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#include <webp/encode.h>
#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace lookalike::test {
namespace {

rapidjson::Document parsed(const std::string& answer) {
  rapidjson::Document document;
  document.Parse(answer.data(), answer.size());
  if (!document.IsObject()) throw std::runtime_error("the stand-in's answer is no JSON object");
  return document;
}

std::string text_of(const rapidjson::Document& document) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  document.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

// Null in an answer that says what is wrong with the request.
rapidjson::Value* photos_of(rapidjson::Document& document) {
  const auto photos = document.FindMember("photos");
  return photos == document.MemberEnd() ? nullptr : &photos->value["photo"];
}

std::string big_endian(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8)
    bytes += static_cast<char>((value >> shift) & 255);
  return bytes;
}

std::string little_endian(uint32_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i)
    bytes += static_cast<char>((value >> (8 * i)) & 255);
  return bytes;
}

std::string png_chunk(const std::string& type, const std::string& content) {
  const std::string body = type + content;
  const auto crc = crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(static_cast<uint32_t>(content.size())) + body + big_endian(static_cast<uint32_t>(crc));
}

std::string riff_chunk(const std::string& type, const std::string& content) {
  std::string chunk = type + little_endian(static_cast<uint32_t>(content.size()), 4) + content;
  if (content.size() % 2 == 1) chunk += '\0';
  return chunk;
}

// `bytes` of one letter, by deflate; window_bits chooses the wrapping: 15 zlib, 31 gzip.
std::string deflated(int64_t bytes, char letter, int window_bits) {
  z_stream stream{};
  if (deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 9, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  std::string block(1 << 16, letter);
  std::string out;
  std::vector<char> room(1 << 16);
  do {
    stream.next_in = reinterpret_cast<Bytef*>(block.data());
    stream.avail_in = static_cast<uInt>(std::min<int64_t>(bytes, static_cast<int64_t>(block.size())));
    bytes -= stream.avail_in;
    do {
      stream.next_out = reinterpret_cast<Bytef*>(room.data());
      stream.avail_out = static_cast<uInt>(room.size());
      deflate(&stream, bytes > 0 ? Z_NO_FLUSH : Z_FINISH);
      out.append(room.data(), room.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  } while (bytes > 0);
  deflateEnd(&stream);
  return out;
}

}  // namespace

std::string with_photo_text(const std::string& answer, const std::string& member, const std::string& value,
                            size_t count) {
  rapidjson::Document document = parsed(answer);
  auto* photos = photos_of(document);
  if (photos == nullptr) return answer;
  for (auto& photo : photos->GetArray()) {
    if (count-- == 0) break;
    photo.RemoveMember(member.c_str());
    rapidjson::Value name(member.c_str(), document.GetAllocator());
    rapidjson::Value text(value.data(), static_cast<rapidjson::SizeType>(value.size()), document.GetAllocator());
    photo.AddMember(name, text, document.GetAllocator());
  }
  return text_of(document);
}

std::string with_photos_doubled(const std::string& answer) {
  rapidjson::Document document = parsed(answer);
  auto* photos = photos_of(document);
  if (photos == nullptr) return answer;
  const rapidjson::SizeType count = photos->Size();
  photos->Reserve(2 * count, document.GetAllocator());
  for (rapidjson::SizeType i = 0; i < count; ++i) {
    rapidjson::Value again((*photos)[i], document.GetAllocator());
    again["title"].SetString("again");
    photos->PushBack(again, document.GetAllocator());
  }
  return text_of(document);
}

std::string with_trailing_comma(const std::string& answer) {
  const size_t end = answer.rfind("}]");
  return end == std::string::npos ? answer : answer.substr(0, end + 1) + "," + answer.substr(end + 1);
}

std::string with_raw_bytes(const std::string& answer, const std::string& bytes) {
  constexpr std::string_view kWord = "thing";
  std::string out;
  size_t begin = 0;
  for (size_t at = answer.find(kWord); at != std::string::npos; at = answer.find(kWord, begin)) {
    out += answer.substr(begin, at - begin) + bytes;
    begin = at + kWord.size();
  }
  return out + answer.substr(begin);
}

std::string gzip_bomb(int64_t bytes) {
  constexpr int kGzip = 31;
  return deflated(bytes, 'a', kGzip);
}

std::string png_bomb() {
  constexpr int kZlib = 15;
  constexpr uint32_t kSide = 20'000;
  const std::string header = big_endian(kSide) + big_endian(kSide) + std::string("\x08\x02\0\0\0", 5);
  return "\x89PNG\r\n\x1a\n" + png_chunk("IHDR", header) + png_chunk("IDAT", deflated(4 << 20, '\0', kZlib)) +
         png_chunk("IEND", "");
}

std::string animated_webp() {
  constexpr int kSide = 64;
  std::vector<uint8_t> rgb;
  for (int i = 0; i < kSide * kSide; ++i) {
    for (const int value : {3 * (i % kSide), 3 * (i / kSide), 40})
      rgb.push_back(static_cast<uint8_t>(value));
  }
  uint8_t* buffer = nullptr;
  const size_t size = WebPEncodeRGB(rgb.data(), kSide, kSide, 3 * kSide, 90, &buffer);
  const std::string still(reinterpret_cast<const char*>(buffer), size);
  WebPFree(buffer);
  const std::string side = little_endian(kSide - 1, 3);
  const std::string frame =
      std::string(6, '\0') + side + side + little_endian(100, 3) + '\0' + still.substr(sizeof "RIFF....WEBP" - 1);
  const char animation = 0x02;
  const std::string header = animation + std::string(3, '\0') + side + side;
  const std::string chunks =
      "WEBP" + riff_chunk("VP8X", header) + riff_chunk("ANIM", std::string(6, '\0')) + riff_chunk("ANMF", frame);
  return riff_chunk("RIFF", chunks);
}

}  // namespace lookalike::test
