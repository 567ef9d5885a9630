// The first frame of a GIF to RGB, by giflib, laid on its canvas; what it leaves free or transparent is white.
// Tested by tests/core/vision/decode/gif_decoder_test.cc
#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "core/vision/decode/decode.h"
#include "core/vision/decode/image.h"

namespace lookalike {
namespace {

struct Close {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};
using Gif = std::unique_ptr<GifFileType, Close>;

struct Frame {
  int left = 0;
  int top = 0;
  int width = 0;
  int height = 0;
  bool interlaced = false;
  int transparent_index = NO_TRANSPARENT_COLOR;
  std::array<std::array<uint8_t, 3>, 256> palette{};  // black beyond what the file gives
};

struct Source {
  std::string_view rest;
  bool ran_out = false;
};

int read_bytes(GifFileType* gif, GifByteType* target, int wanted) {
  auto& source = *static_cast<Source*>(gif->UserData);
  const size_t count = std::min(source.rest.size(), static_cast<size_t>(std::max(wanted, 0)));
  source.ran_out = source.ran_out || count < static_cast<size_t>(wanted);
  std::memcpy(target, source.rest.data(), count);
  source.rest.remove_prefix(count);
  return static_cast<int>(count);
}

// giflib names what it missed, whatever made it miss it.
Error gif_error(const Source& source, int code) {
  if (source.ran_out) {
    return {ErrorCode::bad_data, "truncated GIF: the file ends before the picture does; get it again"};
  }
  const char* const text = GifErrorString(code);
  return {ErrorCode::bad_data, std::string("damaged GIF (") + (text != nullptr ? text : "unknown fault") + ")"};
}

Error gif_error(const GifFileType* gif) {
  return gif_error(*static_cast<const Source*>(gif->UserData), gif->Error);
}

// Extensions stand before the frame that they are about; only transparency matters here.
Status read_extension(GifFileType* gif, int& transparent_index) {
  int code = 0;
  GifByteType* block = nullptr;
  if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) return gif_error(gif);
  while (block != nullptr) {
    GraphicsControlBlock control{};
    if (code == GRAPHICS_EXT_FUNC_CODE && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
      transparent_index = control.TransparentColor;
    }
    if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return gif_error(gif);
  }
  return {};
}

Result<Frame> describe_frame(const GifFileType& gif, int transparent_index) {
  const ColorMapObject* const colors = gif.Image.ColorMap != nullptr ? gif.Image.ColorMap : gif.SColorMap;
  if (colors == nullptr) return Error{ErrorCode::bad_data, "damaged GIF (it has no colours)"};
  Frame frame{.left = gif.Image.Left,
              .top = gif.Image.Top,
              .width = gif.Image.Width,
              .height = gif.Image.Height,
              .interlaced = gif.Image.Interlace,
              .transparent_index = transparent_index};
  const int count = std::clamp(colors->ColorCount, 0, 256);
  for (int i = 0; i < count; ++i) {
    const GifColorType& color = colors->Colors[i];
    frame.palette[static_cast<size_t>(i)] = {color.Red, color.Green, color.Blue};
  }
  return frame;
}

Result<Frame> find_first_frame(GifFileType* gif) {
  int transparent_index = NO_TRANSPARENT_COLOR;
  while (true) {
    GifRecordType type = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(gif, &type) == GIF_ERROR) {
      if (gif->Error != D_GIF_ERR_WRONG_RECORD) return gif_error(gif);
      continue;  // stray bytes between the blocks
    }
    if (type == TERMINATE_RECORD_TYPE) return Error{ErrorCode::bad_data, "GIF without a picture"};
    if (type == EXTENSION_RECORD_TYPE) {
      if (const Status read = read_extension(gif, transparent_index); !read.ok()) return read.error();
    }
    if (type == IMAGE_DESC_RECORD_TYPE) {
      if (DGifGetImageDesc(gif) == GIF_ERROR) return gif_error(gif);
      return describe_frame(*gif, transparent_index);
    }
  }
}

// Rows as they come in the file, from the top or in four interlaced passes.
std::vector<int> row_order(const Frame& frame) {
  std::vector<int> rows;
  rows.reserve(static_cast<size_t>(frame.height));
  struct Pass {
    int first, step;
  };
  static constexpr std::array<Pass, 4> kPasses = {{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  if (frame.interlaced) {
    for (const Pass& pass : kPasses) {
      for (int y = pass.first; y < frame.height; y += pass.step)
        rows.push_back(y);
    }
  } else {
    for (int y = 0; y < frame.height; ++y)
      rows.push_back(y);
  }
  return rows;
}

// Parts outside the canvas are cut off.
void draw_row(const Frame& frame, int y, const std::vector<GifPixelType>& row, Image& image) {
  const int target_y = frame.top + y;
  if (target_y >= image.height) return;
  const int end = std::min(frame.width, image.width - frame.left);
  for (int x = 0; x < end; ++x) {
    const GifPixelType index = row[static_cast<size_t>(x)];
    if (index == frame.transparent_index) continue;
    const size_t target = byte_count(image.width, target_y, 3) + static_cast<size_t>(frame.left + x) * 3;
    std::copy_n(frame.palette[index].begin(), 3, image.rgb.begin() + static_cast<ptrdiff_t>(target));
  }
}

Status draw(GifFileType* gif, const Frame& frame, Image& image) {
  std::vector<GifPixelType> row(static_cast<size_t>(frame.width));
  for (const int y : row_order(frame)) {
    if (DGifGetLine(gif, row.data(), frame.width) == GIF_ERROR) return gif_error(gif);
    draw_row(frame, y, row, image);
  }
  return {};
}

}  // namespace

Result<Image> decode_gif(std::string_view bytes, const DecodeLimits& limits) {
  int code = 0;
  Source source{.rest = bytes};
  const Gif gif(DGifOpen(&source, read_bytes, &code));
  if (!gif) return gif_error(source, code);
  const auto frame = find_first_frame(gif.get());
  if (!frame.ok()) return frame.error();
  // Some files give no canvas; the frame then is it.
  const int width = gif->SWidth > 0 ? gif->SWidth : frame->left + frame->width;
  const int height = gif->SHeight > 0 ? gif->SHeight : frame->top + frame->height;
  if (const Status fits = check_image_size("GIF", width, height, limits); !fits.ok()) return fits.error();
  if (const Status fits = check_image_size("GIF frame", frame->width, frame->height, limits); !fits.ok()) {
    return fits.error();
  }
  Image image{.width = width, .height = height, .original_width = width, .original_height = height, .rgb = {}};
  image.rgb.assign(byte_count(width, height, 3), 255);
  if (const Status drawn = draw(gif.get(), *frame, image); !drawn.ok()) return drawn.error();
  return image;
}

}  // namespace lookalike
