// A report with everything hostile that a service may put into it.
#pragma once

#include <limits>

#include "cli/output/report.h"

namespace lookalike {

inline SearchReport sample_report() {
  SearchReport report;
  report.query = {"photo <1>.jpg", std::string(64, 'a'), 640, 480, {{282, "tabby, tabby cat", 0.41}}};
  report.run = {"flickr", "greedy", "mobilenet_v2", "layer", "dot", "", 1, 2100};
  FoundPhoto plain{.photo = {.provider = "flickr",
                             .id = "2718",
                             .page_url = "https://www.flickr.com/photos/1@N0/2718",
                             .image_url = "https://live.staticflickr.com/2718_n.jpg",
                             .title = "A cat",
                             .owner = "Jane",
                             .license = {"4", "CC BY 2.0", "https://creativecommons.org/licenses/by/2.0/"},
                             .tags = {"cat", "pet"}},
                   .score = {.order = 7.37, .score = 1590.12, .log_score = 7.37, .cosine = 0.61, .likeness = 73.16},
                   .found_by = "tabby",
                   .number = 1};
  FoundPhoto hostile = plain;
  hostile.photo.id = "1";
  hostile.photo.title = "<script>alert(1)</script>\x1b[2J\xE2\x80\xAE\xff";
  hostile.photo.page_url = "javascript:alert(1)";
  hostile.photo.owner = "\"quoted\" & co";
  hostile.photo.tags = {std::string("nul\0tag", 7), "\xF0\x9F\x90\xB1"};
  hostile.number = 2;
  hostile.score = {.order = 58'000,
                   .score = std::numeric_limits<double>::infinity(),
                   .log_score = 58'000,
                   .cosine = 1,
                   .likeness = 99};
  report.outcome.photos = {hostile, plain};
  report.outcome.tags = {{"cat", 7.37, 9, true}, {"sea", 0, 0, true}};
  report.outcome.errors = {{ErrorCode::network, "connection reset", 2}};
  report.outcome.counts = {57, 110, 108, 2, 3'456'789, 0, 57};
  report.outcome.stopped_by = StopReason::max_images;
  report.outcome.asked = {{.words = "tabby", .why = AskReason::first_query, .photos = 12, .new_photos = 12},
                          {.words = "sea \x1b[2J", .why = AskReason::general_word, .scored_before = 2, .failed = true}};
  report.outcome.asked[0].scores.add(7.37);
  report.outcome.asked[0].best_log_score = 7.37;
  report.outcome.asked[0].times_best = 1;
  report.asked_ms = {12, 1900};
  report.trace = {{530, "2718", 7.37}, {1800, "1", 58'000}};
  return report;
}

}  // namespace lookalike
