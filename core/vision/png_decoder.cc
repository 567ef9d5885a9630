#include "core/vision/png_decoder.h"

#include <spng.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/vision/image_size.h"
#include "core/vision/orientation.h"
#include "core/vision/over_white.h"

namespace lookalike {
namespace {

// Text, profiles and metadata beside the picture; those of real programs stay far below.
constexpr size_t kMaxChunkBytes = 16 << 20;
constexpr size_t kMaxKeptBytes = 32 << 20;

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

Context open(std::string_view bytes) {
  Context context(spng_ctx_new(0));
  if (!context) return context;
  spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_DISCARD);
  spng_set_chunk_limits(context.get(), kMaxChunkBytes, kMaxKeptBytes);
  spng_set_png_buffer(context.get(), bytes.data(), bytes.size());
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

int read_orientation(spng_ctx* context) {
  spng_decode_chunks(context);  // the block may stand after the picture; what is damaged there does not matter
  spng_exif exif{};
  if (spng_get_exif(context, &exif) != 0) return kUpright;
  return orientation_of({exif.data, exif.length});
}

}  // namespace

Result<Image> decode_png(std::string_view bytes, const DecodeLimits& limits) {
  const Context context = open(bytes);
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
  return turned_upright(std::move(image), read_orientation(context.get()));
}

}  // namespace lookalike
