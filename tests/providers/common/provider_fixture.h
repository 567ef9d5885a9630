// What tests of providers that ask a service share.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/base/provider.h"
#include "core/http/http_client.h"
#include "tests/support/temporary_folder.h"

namespace lookalike::test {

inline HttpOptions quick_http(int retries = 1) {
  HttpOptions options;
  options.user_agent = "lookalike-test";
  options.retries = retries;
  options.first_retry_wait = std::chrono::milliseconds(1);
  return options;
}

// Waits for the one answer.
inline PhotoAnswer ask(Provider& provider, const PhotoQuery& query) {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<PhotoAnswer> answer;
  provider.search(query, [&](PhotoAnswer got) {
    const std::lock_guard lock(mutex);
    EXPECT_FALSE(answer.has_value()) << "answered twice";
    answer = std::move(got);
    changed.notify_one();
  });
  std::unique_lock lock(mutex);
  EXPECT_TRUE(changed.wait_for(lock, std::chrono::seconds(20), [&] { return answer.has_value(); }));
  return answer.value_or(PhotoAnswer{Error{ErrorCode::interrupted, "no answer came"}, {}});
}

inline PhotoQuery query_for(const std::string& text, int page = 1, int per_page = 30, int max_requests = 4) {
  PhotoQuery query;
  query.text = text;
  query.page = page;
  query.per_page = per_page;
  query.max_requests = max_requests;
  return query;
}

// A manifest of `count` photos: all have the tag "thing", each "tagN", every second "even"; licences in turn.
inline std::filesystem::path write_collection(const TemporaryFolder& folder, int count) {
  constexpr const char* kLicenses[] = {"4", "5", "2", "9", "11"};  // by, by-sa, by-nc, cc0, by 4.0
  std::string manifest;
  for (int i = 0; i < count; ++i) {
    const std::string number = std::to_string(i);
    folder.write(number + ".jpg", "not looked at");
    manifest += "{\"file\": \"" + number + ".jpg\", \"id\": \"" + std::to_string(1000 + i) + "\", \"title\": \"Title " +
                number + "\", \"owner\": \"12@N01\", \"license\": \"" + kLicenses[i % 5] +
                "\", \"dateupload\": " + std::to_string(1'600'000'000 - i) + ", \"tags\": [\"thing\", \"tag" + number +
                "\"" + (i % 2 == 0 ? ", \"even\"" : "") + ", \"größe\"]}\n";
  }
  return folder.write("photos.jsonl", manifest);
}

}  // namespace lookalike::test
