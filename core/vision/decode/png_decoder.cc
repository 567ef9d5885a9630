// PNG to RGB, by libspng: every colour type and depth, interlaced or not, transparency over white.
// A file that ends before its picture does, or whose picture fails its checksums, is refused. What else is in the file,
// and in what state, does not matter: the decoder gets the picture alone (png_structure.h).
// Tested by tests/core/vision/decode/png_decoder_test.cc
#include <spng.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/vision/decode/decode.h"
#include "core/vision/decode/image.h"
#include "core/vision/decode/orientation.h"
#include "core/vision/decode/png_structure.h"

namespace lookalike {
namespace {

struct Free {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Context = std::unique_ptr<spng_ctx, Free>;

Error png_error(int code) {
  if (code == SPNG_IO_EOF || code == SPNG_EIDAT_TOO_SHORT) {
    return {ErrorCode::bad_data, "truncated PNG: the file ends before the picture does; get it again"};
  }
  return {ErrorCode::bad_data, std::string("damaged PNG (") + spng_strerror(code) + ")"};
}

Error png_truncated() {
  return png_error(SPNG_IO_EOF);
}

// Hands out the pieces one after the other.
class PngSource {
 public:
  explicit PngSource(std::span<const std::string_view> pieces) : pieces_(pieces) {}

  static int read(spng_ctx*, void* self, void* target, size_t wanted) {
    return static_cast<PngSource*>(self)->take(static_cast<char*>(target), wanted) ? 0 : SPNG_IO_EOF;
  }

 private:
  bool take(char* target, size_t wanted) {
    while (wanted > 0) {
      if (at_ == pieces_.size()) return false;
      const std::string_view rest = pieces_[at_].substr(used_);
      const size_t count = std::min(wanted, rest.size());
      target = std::copy_n(rest.data(), count, target);
      wanted -= count;
      used_ += count;
      if (count == rest.size()) {
        ++at_;
        used_ = 0;
      }
    }
    return true;
  }

  std::span<const std::string_view> pieces_;
  size_t at_ = 0;
  size_t used_ = 0;  // of that piece
};

Context open(PngSource& source) {
  Context context(spng_ctx_new(0));
  if (!context) return context;
  spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_ERROR);
  spng_set_png_stream(context.get(), &PngSource::read, &source);
  return context;
}

// A tRNS chunk gives transparency to pictures without an alpha channel.
Result<bool> has_transparency(spng_ctx* context, const spng_ihdr& header) {
  spng_trns transparency{};
  const int missing = spng_get_trns(context, &transparency);
  if (missing != 0 && missing != SPNG_ECHUNKAVAIL) return png_error(missing);
  return missing == 0 || header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
         header.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
}

Status read_pixels(spng_ctx* context, bool transparent, Image& image) {
  image.rgb.resize(byte_count(image.width, image.height, transparent ? 4 : 3));
  const int failed = spng_decode_image(context, image.rgb.data(), image.rgb.size(),
                                       transparent ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8, SPNG_DECODE_TRNS);
  if (failed != 0) return png_error(failed);
  if (transparent) {
    flatten_over_white(image.rgb.data(), image.rgb.size() / 4);
    image.rgb.resize(image.rgb.size() / 4 * 3);
  }
  return {};
}

}  // namespace

Result<Image> decode_png(std::string_view bytes, const DecodeLimits& limits) {
  const PngStructure structure = png_structure(bytes);
  if (!structure.has_header) return png_truncated();
  if (structure.is_apples_own) {
    return Error{ErrorCode::bad_data, "a PNG in the variant of iOS programs, which is not supported: save it again"};
  }
  PngSource source(structure.picture);
  const Context context = open(source);
  if (!context) return Error{ErrorCode::bad_data, "PNG: out of memory"};
  spng_ihdr header{};
  if (const int failed = spng_get_ihdr(context.get(), &header); failed != 0) return png_error(failed);
  if (const Status fits = check_image_size("PNG", header.width, header.height, limits); !fits.ok()) return fits.error();
  Image image;
  image.width = image.original_width = static_cast<int>(header.width);
  image.height = image.original_height = static_cast<int>(header.height);
  const auto transparent = has_transparency(context.get(), header);
  if (!transparent.ok()) return transparent.error();
  if (const Status decoded = read_pixels(context.get(), *transparent, image); !decoded.ok()) return decoded.error();
  return turned_upright(std::move(image), orientation_of(structure.exif, structure.xmp));
}

}  // namespace lookalike
