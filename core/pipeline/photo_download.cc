#include "core/pipeline/photo_download.h"

#include <fmt/format.h>

#include <utility>

#include "core/http/content_coding.h"
#include "core/http/url.h"

namespace lookalike {
namespace {

Error status_error(long status, const std::string& name) {
  const ErrorCode code = status == 404 || status == 410 ? ErrorCode::not_found : ErrorCode::network;
  return {code, fmt::format("{}: the image server answered HTTP {}", name, status)};
}

Error no_longer_there(const std::string& url, const std::string& came_from) {
  return {ErrorCode::not_found,
          redacted_url(url) + ": the photo is gone; the service shows " + redacted_url(came_from) + " instead"};
}

}  // namespace

void download_photo(HttpClient& http, const ImageFetchOptions& options, const Photo& photo, ImageFetch fetch,
                    std::function<void(PhotoBytes)> done) {
  HttpRequest request{.url = photo.image_url,
                      .headers = {"Accept: image/webp,image/jpeg,image/png,image/gif;q=0.8,*/*;q=0.1", kPackedAlready},
                      .max_bytes = options.max_bytes,
                      .scope = options.scope,
                      .allow_plain_http = options.allow_plain_http,
                      .max_attempts = fetch.max_requests,
                      .patience = std::move(fetch.patience)};
  http.submit(std::move(request), [url = photo.image_url, max_bytes = options.max_bytes, gone = std::move(fetch.gone),
                                   done = std::move(done)](HttpAnswer answer) mutable {
    if (!answer.response.ok()) {
      Error error = answer.response.error();
      if (error.cause == ErrorCause::rate) error.code = ErrorCode::network;  // an image's host has no quota of calls
      return done({std::move(error), answer.cost});
    }
    if (answer.response->status != 200)
      return done({status_error(answer.response->status, redacted_url(url)), answer.cost});
    const std::string& came_from = answer.response->effective_url;
    if (gone ? gone->is_one(url, came_from) : is_gone_picture(url, came_from))
      return done({no_longer_there(url, came_from), answer.cost});
    auto bytes = unpacked(std::move(answer.response->body), max_bytes);
    if (!bytes.ok()) bytes = Error{bytes.error().code, redacted_url(url) + ": " + bytes.error().message};
    done({std::move(bytes), answer.cost});
  });
}

}  // namespace lookalike
