// Real JPEG files, made by the library that also reads them.
#pragma once

#include <turbojpeg.h>

#include <span>
#include <stdexcept>
#include <string>

namespace lookalike::test {

// Of width x height pixels of red, green and blue; `sampling` is one of TJSAMP_...
inline std::string write_jpeg(std::span<const unsigned char> rgb, int width, int height, int sampling, int quality) {
  unsigned char* bytes = nullptr;
  unsigned long size = 0;
  const tjhandle encoder = tjInitCompress();
  const int failed = tjCompress2(encoder, rgb.data(), width, 0, height, TJPF_RGB, &bytes, &size, sampling, quality, 0);
  std::string jpeg(reinterpret_cast<const char*>(bytes), size);
  tjFree(bytes);
  tjDestroy(encoder);
  if (failed != 0) throw std::runtime_error("cannot make a JPEG");
  return jpeg;
}

// Light grey all over.
inline std::string write_grey_jpeg(int width, int height) {
  const std::string rgb(static_cast<size_t>(width * height * 3), '\xC8');
  return write_jpeg({reinterpret_cast<const unsigned char*>(rgb.data()), rgb.size()}, width, height, TJSAMP_420, 90);
}

}  // namespace lookalike::test
