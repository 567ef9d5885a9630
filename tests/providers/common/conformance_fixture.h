// The sources that the conformance suites run over, each with the service that it asks, and what every photo must be.
// A new source gets all of their tests by one line in kSources.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/base/text/text.h"
#include "providers/registry.h"
#include "tests/providers/common/provider_fixture.h"
#include "tests/support/flickr_stand_in.h"
#include "tests/support/service_stand_in.h"

namespace lookalike::test {

inline constexpr int kPhotos = 45;
inline constexpr const char* kKey = "0123456789abcdef0123456789abcdef";
inline constexpr const char* kCredentials = "client-id:0123456789abcdef0123456789abcdef";

struct Source {
  const char* label;     // of the test
  const char* provider;  // of the registry
  const char* key;       // what it is given
  bool asks;             // by HTTP; else by itself
};

inline const std::vector<Source> kSources{
    {"flickr", "flickr", kKey, true},         {"folder", "folder", "", false},
    {"openverse", "openverse", "", true},     {"openverse_with_credentials", "openverse", kCredentials, true},
    {"commons", "commons", "", true},         {"pixabay", "pixabay", kKey, true},
    {"inaturalist", "inaturalist", "", true}, {"nasa", "nasa", "", true},
    {"program", "program", "", false},
};

// The service that a source asks, in good order.
class Service {
 public:
  Service(const Source& source, const std::filesystem::path& collection) {
    if (source.provider == std::string("flickr")) {
      auto started = FlickrStandIn::start({.collection = collection, .key = source.key});
      if (started) flickr_ = std::move(*started);
    } else if (source.asks) {
      auto started = ServiceStandIn::start(source.provider, {.collection = collection, .key = source.key});
      if (started) other_ = std::move(*started);
    }
  }
  std::string endpoint() const { return flickr_ ? flickr_->endpoint() : other_ ? other_->endpoint() : ""; }

 private:
  std::unique_ptr<FlickrStandIn> flickr_;
  std::unique_ptr<ServiceStandIn> other_;
};

class Conformance : public testing::TestWithParam<Source> {
 protected:
  Conformance() : collection_(test::write_collection(folder_, kPhotos)), service_(GetParam(), collection_) {}

  std::unique_ptr<Provider> make(const std::string& endpoint, HttpClient& http) {
    ProviderSettings settings;
    settings.provider = GetParam().provider;
    if (!GetParam().asks) settings.provider += ":" + argument();
    settings.api_key = GetParam().key;
    settings.endpoint = endpoint;
    settings.retries = 3;
    settings.log = [this](LogLevel, std::string_view text) {
      const std::lock_guard lock(mutex_);
      log_.emplace_back(text);
    };
    auto provider = make_provider(settings, http);
    EXPECT_TRUE(provider.ok()) << provider.error().message;
    return provider.ok() ? std::move(*provider) : nullptr;
  }
  std::unique_ptr<Provider> make() { return make(service_.endpoint(), http_); }

  // What a source that asks nobody by HTTP is given: its folder, or the sample of a program over the manifest.
  std::string argument() const {
    if (GetParam().provider != std::string("program")) return folder_.path().string();
    return "python3 '" LOOKALIKE_SOURCE_DIR "/docs/sources/manifest.py' '" + collection_.string() + "'";
  }

  std::string secret() const {
    const std::string key = GetParam().key;
    return key.substr(key.find(':') + 1);
  }
  void expect_no_secret(const std::string& text) const {
    EXPECT_TRUE(secret().empty() || text.find(secret()) == std::string::npos) << text;
  }
  void expect_no_secret_in_log() {
    const std::lock_guard lock(mutex_);
    for (const std::string& line : log_)
      expect_no_secret(line);
  }

  test::TemporaryFolder folder_;
  std::filesystem::path collection_;
  Service service_;
  std::mutex mutex_;
  std::vector<std::string> log_;
  HttpClient http_{quick_http(3)};
};

inline void expect_sound(const Photo& photo, const std::string& provider) {
  EXPECT_EQ(photo.provider, provider);
  EXPECT_FALSE(photo.id.empty());
  const bool local = !photo.local_path.empty();
  for (const std::string* url : {&photo.page_url, &photo.image_url}) {
    const bool web = url->starts_with("https://") || url->starts_with("http://");
    EXPECT_TRUE(local ? url->starts_with("file://") : web) << *url;
  }
  for (const std::string* text :
       {&photo.id, &photo.page_url, &photo.image_url, &photo.title, &photo.owner, &photo.owner_url, &photo.attribution,
        &photo.license.id, &photo.license.name, &photo.license.url}) {
    EXPECT_EQ(valid_utf8(*text), *text);
  }
  for (const std::string& tag : photo.tags) {
    EXPECT_FALSE(tag.empty());
    EXPECT_EQ(terminal_safe(tag), tag);
  }
}

inline void expect_sound(const PhotoPage& page, const std::string& provider) {
  std::set<std::string> ids;
  for (const Photo& photo : page.photos) {
    expect_sound(photo, provider);
    EXPECT_TRUE(ids.insert(photo.id).second) << photo.id << " twice on a page";
  }
}

}  // namespace lookalike::test
