#include "core/pipeline/photo_download.h"

#include <utility>

#include "core/net/content_coding.h"
#include "core/net/url.h"

namespace lookalike {
namespace {

Error status_error(long status, const std::string& name) {
  const ErrorCode code = status == 404 || status == 410 ? ErrorCode::not_found : ErrorCode::network;
  return {code, name + ": the image server answered HTTP " + std::to_string(status)};
}

}  // namespace

void download_photo(HttpClient& http, const ImageFetchOptions& options, const Photo& photo, int max_requests,
                    std::function<void(PhotoBytes)> done) {
  HttpRequest request{.url = photo.image_url,
                      .headers = {"Accept: image/webp,image/jpeg,image/png,image/gif;q=0.8,*/*;q=0.1", kPackedAlready},
                      .max_bytes = options.max_bytes,
                      .scope = options.scope,
                      .allow_plain_http = options.allow_plain_http,
                      .max_attempts = max_requests};
  http.submit(std::move(request), [name = redacted_url(photo.image_url), max_bytes = options.max_bytes,
                                   done = std::move(done)](HttpAnswer answer) mutable {
    if (!answer.response.ok()) return done({answer.response.error(), answer.cost});
    if (answer.response->status != 200) return done({status_error(answer.response->status, name), answer.cost});
    auto bytes = unpacked(std::move(answer.response->body), max_bytes);
    if (!bytes.ok()) bytes = Error{bytes.error().code, name + ": " + bytes.error().message};
    done({std::move(bytes), answer.cost});
  });
}

}  // namespace lookalike
