// The stand-in is what other tests and measurements trust, so it is tested as a service of its own.
#include "tests/support/flickr_stand_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "core/base/text/json.h"
#include "core/http/url.h"
#include "tests/support/temporary_folder.h"

namespace lookalike {
namespace {

using test::FlickrStandIn;
using test::StandInOptions;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class StandInTest : public testing::Test {
 protected:
  StandInTest() {
    std::string manifest;
    for (int i = 1; i <= 12; ++i) {
      const std::string number = std::to_string(i);
      folder_.write(number + ".jpg", "photo " + number);
      manifest += R"({"id":")" + number + R"(","file":")" + number + R"(.jpg","title":"Photo )" + number +
                  R"(","owner":"1@N00","license":")" + std::to_string(1 + i % 6) + R"(","dateupload":)" +
                  std::to_string(1000 + i) + R"(,"tags":["cat")" + (i % 2 == 0 ? R"(,"big dog")" : "") + "]}\n";
    }
    options_.collection = folder_.write("m.jsonl", manifest);
  }

  void start() {
    auto server = FlickrStandIn::start(options_);
    ASSERT_TRUE(server.ok()) << server.error().message;
    server_ = *std::move(server);
  }

  std::string get(const std::string& path, int* status = nullptr) {
    httplib::Client client("127.0.0.1", server_->port());
    const auto response = client.Get(path);
    if (status != nullptr) *status = response ? response->status : 0;
    return response ? response->body : "";
  }

  std::string search(const std::string& parameters) {
    return get("/services/rest/?method=flickr.photos.search&format=json&nojsoncallback=1&api_key=stand-in-key&" +
               parameters);
  }

  std::vector<std::string> ids(const std::string& parameters) {
    std::vector<std::string> found;
    const auto document = parse_json(search(parameters));
    if (!document.ok()) return {"no JSON"};
    for (const auto& photo : (*document)["photos"]["photo"].GetArray())
      found.push_back(*json_text(photo, "id"));
    return found;
  }

  TemporaryFolder folder_;
  StandInOptions options_;
  std::unique_ptr<FlickrStandIn> server_;
};

TEST_F(StandInTest, FindsEveryWordNewestFirst) {
  start();
  EXPECT_THAT(ids("text=cat&per_page=3"), ElementsAre("12", "11", "10"));
  EXPECT_THAT(ids("text=cat%20dog&per_page=2"), ElementsAre("12", "10"));
  EXPECT_THAT(ids("text=bigdog&per_page=1"), ElementsAre("12"));
  EXPECT_THAT(ids("text=cat%20zebra"), SizeIs(0));
  EXPECT_THAT(ids("text=cat%20-dog&per_page=2"), ElementsAre("11", "9"));
}

TEST_F(StandInTest, HonoursDatesLicencesAndPages) {
  start();
  EXPECT_THAT(ids("text=cat&max_upload_date=1003"), ElementsAre("3", "2", "1"));
  EXPECT_THAT(ids("text=cat&min_upload_date=1011"), ElementsAre("12", "11"));
  EXPECT_THAT(ids("text=cat&license=2,3"), ElementsAre("8", "7", "2", "1"));
  EXPECT_THAT(ids("text=cat&per_page=5&page=3"), ElementsAre("2", "1"));
  EXPECT_THAT(ids("text=cat&per_page=5&page=4"), SizeIs(0));
}

TEST_F(StandInTest, GivesOnlyTheExtrasAskedFor) {
  start();
  const std::string bare = search("text=cat");
  EXPECT_THAT(bare, testing::Not(HasSubstr("url_")));
  EXPECT_THAT(bare, testing::Not(HasSubstr("tags")));
  EXPECT_THAT(bare, HasSubstr(R"("total":"12")"));
  const std::string full = search("text=cat&extras=tags,url_n");
  EXPECT_THAT(full, HasSubstr(R"("tags":"cat bigdog")"));
  EXPECT_THAT(full, HasSubstr(R"("width_n":240)"));
  EXPECT_THAT(full, HasSubstr(R"("width_n":"240")"));
}

TEST_F(StandInTest, FailsAsFlickrDoes) {
  start();
  EXPECT_THAT(get("/services/rest/?method=flickr.photos.search&format=json&api_key=wrong&text=cat"),
              HasSubstr(R"("code":100)"));
  EXPECT_THAT(search("text="), HasSubstr(R"("code":3)"));
  EXPECT_THAT(search(""), HasSubstr(R"("code":3)"));
  EXPECT_THAT(get("/services/rest/?method=flickr.nothing&format=json&api_key=stand-in-key"),
              HasSubstr(R"("code":112)"));
}

TEST_F(StandInTest, ServesThePhotos) {
  start();
  int status = 0;
  EXPECT_EQ(get("/img/7_n.jpg", &status), "photo 7");
  EXPECT_EQ(status, 200);
  get("/img/99_n.jpg", &status);
  EXPECT_EQ(status, 404);
  get("/img/../m.jsonl", &status);
  EXPECT_EQ(status, 404);
}

TEST_F(StandInTest, CountsCallsAndHowManyCameAtOnce) {
  options_.api_delay_ms = 100;
  start();
  std::vector<std::jthread> clients;
  for (int i = 0; i < 8; ++i)
    clients.emplace_back([this, i] { search("text=cat&page=" + std::to_string(i)); });
  clients.clear();
  get("/img/7_n.jpg");
  EXPECT_EQ(server_->counts().api_calls, 8);
  EXPECT_EQ(server_->counts().image_calls, 1);
  EXPECT_GE(server_->counts().most_api_at_once, 4);
  EXPECT_THAT(server_->calls(), SizeIs(8));
  EXPECT_THAT(get("/counts"), HasSubstr(R"("api_calls":8)"));
}

TEST_F(StandInTest, FaultsDependOnTheSeedAndTheRequestAlone) {
  options_.fault_rate = 0.5;
  const auto outcomes = [this] {
    start();
    std::vector<std::string> seen;
    for (int i = 0; i < 40; ++i) {
      int status = 0;
      const std::string body = search("text=cat&page=" + std::to_string(i % 20));
      get("/img/" + std::to_string(1 + i % 12) + "_n.jpg", &status);
      seen.push_back(std::to_string(status) + std::to_string(body.size()));
    }
    return seen;
  };
  const auto first = outcomes();
  const int faults = server_->counts().faults;
  EXPECT_GT(faults, 15);
  EXPECT_LT(faults, 65);
  server_.reset();
  const auto second = outcomes();
  EXPECT_EQ(server_->counts().faults, faults);
  // The port is part of the bodies; its number of digits may differ, so only the statuses are compared.
  for (size_t i = 0; i < first.size(); ++i)
    EXPECT_EQ(first[i].front(), second[i].front()) << i;
}

TEST_F(StandInTest, ServesAFolderWithoutAManifest) {
  const TemporaryFolder plain;
  plain.write("animals/cat.jpg", "the cat");
  options_.collection = plain.path();
  start();
  const auto found = ids("text=cat");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].find_first_not_of("0123456789"), std::string::npos) << "digits, as Flickr's ids";
  EXPECT_EQ(get("/img/" + found[0] + "_z.jpg"), "the cat");
  EXPECT_EQ(server_->photos()[0].source_id, "animals/cat.jpg");
}

TEST_F(StandInTest, SaysWhenItCannotStart) {
  start();
  StandInOptions same = options_;
  same.port = server_->port();
  const auto taken = FlickrStandIn::start(same);
  ASSERT_FALSE(taken.ok());
  EXPECT_EQ(taken.error().code, ErrorCode::network);
  same.collection = folder_.path() / "missing.jsonl";
  EXPECT_EQ(FlickrStandIn::start(same).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace lookalike
