#include "models/word_vector_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cassert>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <numeric>

#include "core/base/files/unique_fd.h"

namespace lookalike {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "LKWORDS1";
constexpr size_t kHeaderBytes = 24;
constexpr size_t kMaxDimensions = 4096;
constexpr float kMaxStep = 32767;
constexpr float kMaxValue = 1e9f;  // so that sums stay finite

uint32_t read_u32(const unsigned char* at) {
  return static_cast<uint32_t>(at[0]) | static_cast<uint32_t>(at[1]) << 8 | static_cast<uint32_t>(at[2]) << 16 |
         static_cast<uint32_t>(at[3]) << 24;
}

int16_t read_i16(const unsigned char* at) {
  return static_cast<int16_t>(static_cast<uint16_t>(at[0] | at[1] << 8));
}

void append_u32(std::string& bytes, uint32_t value) {
  for (int shift = 0; shift < 32; shift += 8)
    bytes.push_back(static_cast<char>(value >> shift & 0xFF));
}

// Counts are below 2^32 and dimensions below 2^12, so nothing here overflows.
uint64_t file_bytes(uint64_t dimensions, uint64_t words, uint64_t text_bytes) {
  return kHeaderBytes + 4 * words + text_bytes + text_bytes % 2 + 2 * dimensions * words;
}

Error not_word_vectors(const fs::path& path, const std::string& why) {
  return Error{ErrorCode::bad_data,
               path.string() + " holds no word vectors: " + why + "; remove it and run 'lookalike models pull glove'"};
}

// The mapped bytes of a plain file; empty when it is too short to be one of ours.
Result<std::span<const unsigned char>> map_file(const fs::path& path) {
  const auto failure = [&path] {
    return Error{ErrorCode::not_found, "cannot read " + path.string() + ": " + std::strerror(errno)};
  };
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));  // the mapping outlives it
  if (!file.is_open()) return failure();
  struct stat info {};
  const bool plain = ::fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode);
  const size_t size = plain ? static_cast<size_t>(info.st_size) : 0;
  void* const start = size < kHeaderBytes ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (!plain) return Error{ErrorCode::not_found, path.string() + " is not a plain file"};
  if (start == nullptr) return std::span<const unsigned char>{};
  if (start == MAP_FAILED) return failure();
  ::madvise(start, size, MADV_RANDOM);
  return std::span<const unsigned char>{static_cast<const unsigned char*>(start), size};
}

// Word numbers in the order of the words' bytes, each word once.
std::vector<uint32_t> sorted_order(const std::vector<std::string>& words) {
  std::vector<uint32_t> order(words.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) { return words[a] < words[b]; });
  const auto same = [&](uint32_t a, uint32_t b) { return words[a] == words[b]; };
  order.erase(std::unique(order.begin(), order.end(), same), order.end());
  return order;
}

std::string header_and_words(const WordTable& table, const std::vector<uint32_t>& order, float scale) {
  std::string text;
  std::string ends;
  for (const uint32_t number : order) {
    text += table.words[number];
    append_u32(ends, static_cast<uint32_t>(text.size()));
  }
  std::string bytes(kMagic);
  append_u32(bytes, static_cast<uint32_t>(table.dimensions));
  append_u32(bytes, static_cast<uint32_t>(order.size()));
  append_u32(bytes, static_cast<uint32_t>(text.size()));
  append_u32(bytes, std::bit_cast<uint32_t>(scale));
  bytes += ends + text;
  if (text.size() % 2 != 0) bytes.push_back('\0');
  return bytes;
}

void append_vector(std::string& bytes, std::span<const float> vector, float scale) {
  for (const float value : vector) {
    const auto step = static_cast<uint16_t>(static_cast<int16_t>(std::lround(value / scale)));
    bytes.push_back(static_cast<char>(step & 0xFF));
    bytes.push_back(static_cast<char>(step >> 8));
  }
}

Status check_table(const WordTable& table) {
  const auto refuse = [](const std::string& why) {
    return Error{ErrorCode::bad_data, "these word vectors cannot be kept: " + why};
  };
  if (table.words.empty()) return refuse("there are none");
  if (table.dimensions == 0 || table.dimensions > kMaxDimensions) {
    return refuse("they have " + std::to_string(table.dimensions) + " numbers each");
  }
  assert(table.values.size() == table.words.size() * table.dimensions);
  uint64_t text_bytes = 0;
  for (const std::string& word : table.words)
    text_bytes += word.size();
  if (table.words.size() > std::numeric_limits<uint32_t>::max() || text_bytes > std::numeric_limits<uint32_t>::max()) {
    return refuse("there are too many");
  }
  if (!std::all_of(table.values.begin(), table.values.end(),
                   [](float value) { return std::abs(value) <= kMaxValue; })) {
    return refuse("a number among them is too large or none");
  }
  return {};
}

// What one step of the int16 values is worth.
float scale_for(std::span<const float> values) {
  float largest = 0;
  for (const float value : values)
    largest = std::max(largest, std::abs(value));
  const float scale = largest / kMaxStep;
  return scale > std::numeric_limits<float>::min() ? scale : 1.0f;
}

}  // namespace

Result<std::unique_ptr<WordVectorFile>> WordVectorFile::open(const fs::path& path) {
  const auto bytes = map_file(path);
  if (!bytes.ok()) return bytes.error();
  if (bytes->empty()) return not_word_vectors(path, "it is too short");
  std::unique_ptr<WordVectorFile> file(new WordVectorFile(*bytes));
  if (const Status header = file->read_header(path); !header.ok()) return header.error();
  return file;
}

WordVectorFile::~WordVectorFile() {
  ::munmap(const_cast<unsigned char*>(bytes_.data()), bytes_.size());
}

Status WordVectorFile::read_header(const fs::path& path) {
  if (std::memcmp(bytes_.data(), kMagic.data(), kMagic.size()) != 0) return not_word_vectors(path, "another format");
  dimensions_ = read_u32(bytes_.data() + 8);
  words_ = read_u32(bytes_.data() + 12);
  text_bytes_ = read_u32(bytes_.data() + 16);
  scale_ = std::bit_cast<float>(read_u32(bytes_.data() + 20));
  if (dimensions_ == 0 || dimensions_ > kMaxDimensions) return not_word_vectors(path, "their length cannot be");
  if (!(scale_ > 0 && scale_ <= kMaxValue / kMaxStep)) return not_word_vectors(path, "their scale cannot be");
  const uint64_t expected = file_bytes(dimensions_, words_, text_bytes_);
  if (expected == bytes_.size()) return {};
  return not_word_vectors(
      path, "it should have " + std::to_string(expected) + " bytes and has " + std::to_string(bytes_.size()));
}

std::string_view WordVectorFile::word_at(size_t number) const {
  const unsigned char* const ends = bytes_.data() + kHeaderBytes;
  const size_t start = number == 0 ? 0 : read_u32(ends + 4 * (number - 1));
  const size_t end = read_u32(ends + 4 * number);
  if (start > end || end > text_bytes_) return {};
  return {reinterpret_cast<const char*>(ends + 4 * words_ + start), end - start};
}

bool WordVectorFile::add(std::string_view word, std::span<float> sum) const {
  assert(sum.size() == dimensions_);
  size_t low = 0;
  size_t high = words_;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (word_at(middle) < word)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == words_ || word_at(low) != word) return false;
  const size_t vectors = kHeaderBytes + 4 * words_ + text_bytes_ + text_bytes_ % 2;
  const unsigned char* at = bytes_.data() + vectors + 2 * dimensions_ * low;
  for (float& value : sum) {
    value += scale_ * static_cast<float>(read_i16(at));
    at += 2;
  }
  return true;
}

Status write_word_vectors(const WordTable& table, const fs::path& path) {
  if (const Status good = check_table(table); !good.ok()) return good;
  const std::vector<uint32_t> order = sorted_order(table.words);
  const float scale = scale_for(table.values);
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << header_and_words(table, order, scale);
  std::string line;
  for (const uint32_t number : order) {
    line.clear();
    append_vector(line, std::span(table.values).subspan(number * table.dimensions, table.dimensions), scale);
    file << line;
  }
  file.close();
  if (file.good()) return {};
  return Error{ErrorCode::usage, "cannot write " + path.string() + ": " + std::strerror(errno)};
}

}  // namespace lookalike
