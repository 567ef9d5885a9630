// Bytes as a server may pack them, made by zlib.
#pragma once

#include <zlib.h>

#include <stdexcept>
#include <string>

namespace lookalike::test {

enum class Packing { gzip = 31, zlib = 15 };  // zlib's "window bits"

inline std::string packed(const std::string& text, Packing packing = Packing::gzip) {
  z_stream stream{};
  if (::deflateInit2(&stream, 6, Z_DEFLATED, static_cast<int>(packing), 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::runtime_error("zlib does not begin");
  std::string bytes(::deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  const int ended = ::deflate(&stream, Z_FINISH);
  bytes.resize(stream.total_out);
  ::deflateEnd(&stream);
  if (ended != Z_STREAM_END) throw std::runtime_error("zlib does not end");
  return bytes;
}

}  // namespace lookalike::test
