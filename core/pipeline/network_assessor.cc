#include "core/pipeline/network_assessor.h"

#include <new>
#include <string>
#include <utility>

#include "core/base/files/file.h"
#include "core/http/url.h"
#include "core/vision/decode/decode.h"
#include "core/vision/inference/preprocess.h"

namespace lookalike {

namespace {

Result<Embedding> embed_picture(std::string_view bytes, const std::string& name, NetworkAssessor::Gives gives,
                                const Result<Embedder*>& network) {
  if (!network.ok()) return network.error();
  DecodeLimits limits;
  limits.scale_to_at_least = decode_size_for((*network)->spec().input_size);
  const auto image = decode_image(bytes, limits);
  if (!image.ok()) return Error{image.error().code, name + ": " + image.error().message};
  if (gives == NetworkAssessor::Gives::embedding) return (*network)->embed(*image);
  return (*network)->embed_with_output(*image);
}

Error out_of_memory(const std::string& name) {
  return {ErrorCode::bad_data, name + ": not enough memory to look at it"};
}

}  // namespace

Result<Embedding> embed_bytes(std::string_view bytes, const std::string& name, NetworkAssessor::Gives gives,
                              const Result<Embedder*>& network) {
  try {
    return embed_picture(bytes, name, gives, network);
  } catch (const std::bad_alloc&) {
    return out_of_memory(name);
  }
}

namespace {

Result<std::string> read_photo(const std::string& path, int64_t max_bytes) {
  try {
    return read_file(path, max_bytes);
  } catch (const std::bad_alloc&) {
    return out_of_memory(path);
  }
}

}  // namespace

void NetworkAssessor::assess(const PhotoInHand& photo, Done done) {
  if (photo.bytes != nullptr) {
    return workers_.submit([bytes = photo.bytes, name = redacted_url(photo.photo.image_url), gives = gives_,
                            done = std::move(done)](const Result<Embedder*>& network) {
      done({embed_bytes(*bytes, name, gives, network)});
    });
  }
  workers_.submit([path = photo.photo.local_path, max_bytes = photo.max_bytes, gives = gives_,
                   done = std::move(done)](const Result<Embedder*>& network) {
    const auto bytes = read_photo(path, max_bytes);
    if (!bytes.ok()) return done({bytes.error()});
    done({embed_bytes(*bytes, path, gives, network), static_cast<int64_t>(bytes->size())});
  });
}

}  // namespace lookalike
