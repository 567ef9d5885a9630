#include "core/pipeline/image_feature_source.h"

#include <string>
#include <utility>

#include "core/base/file.h"
#include "core/net/url.h"
#include "core/vision/preprocess.h"

namespace lookalike {
namespace {

Result<Embedding> embed_bytes(std::string_view bytes, const std::string& name, const Result<Embedder*>& network) {
  if (!network.ok()) return network.error();
  DecodeLimits limits;
  limits.scale_to_at_least = decode_size_for((*network)->spec().input_size);
  const auto image = decode_image(bytes, limits);
  if (!image.ok()) return Error{image.error().code, name + ": " + image.error().message};
  return (*network)->embed(*image);
}

Error status_error(long status, const std::string& name) {
  const ErrorCode code = status == 404 || status == 410 ? ErrorCode::not_found : ErrorCode::network;
  return {code, name + ": the image server answered HTTP " + std::to_string(status)};
}

}  // namespace

void ImageFeatureSource::fetch(const Photo& photo, int max_requests, Done done) {
  if (!photo.local_path.empty()) return read_from_disk(photo, std::move(done));
  download(photo, max_requests, std::move(done));
}

void ImageFeatureSource::read_from_disk(const Photo& photo, Done done) {
  workers_.submit([path = photo.local_path, max_bytes = options_.max_bytes,
                   done = std::move(done)](const Result<Embedder*>& network) {
    const auto bytes = read_file(path, max_bytes);
    if (!bytes.ok()) return done({bytes.error(), {.requests = 1}});
    const TransferCost cost{.requests = 1, .bytes = static_cast<int64_t>(bytes->size())};
    done({embed_bytes(*bytes, path, network), cost});
  });
}

void ImageFeatureSource::download(const Photo& photo, int max_requests, Done done) {
  HttpRequest request{.url = photo.image_url,
                      .headers = {"Accept: image/webp,image/jpeg,image/png,image/gif;q=0.8,*/*;q=0.1"},
                      .max_bytes = options_.max_bytes,
                      .scope = options_.scope,
                      .allow_plain_http = options_.allow_plain_http,
                      .max_attempts = max_requests};
  http_.submit(std::move(request), [&workers = workers_, name = redacted_url(photo.image_url),
                                    done = std::move(done)](HttpAnswer answer) mutable {
    if (!answer.response.ok()) return done({answer.response.error(), answer.cost});
    if (answer.response->status != 200) return done({status_error(answer.response->status, name), answer.cost});
    workers.submit([body = std::move(answer.response->body), name = std::move(name), cost = answer.cost,
                    done = std::move(done)](const Result<Embedder*>& network) {
      done({embed_bytes(body, name, network), cost});
    });
  });
}

}  // namespace lookalike
