#include "cli/html_output.h"

#include <algorithm>
#include <cstdio>
#include <set>
#include <string_view>

#include "core/base/text.h"
#include "providers/registry.h"

namespace lookalike {
namespace {

constexpr size_t kPhotosOnPage = 30;
constexpr const char* kHead = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Lookalike</title>
<style>
body { font: 15px/1.4 system-ui, sans-serif; margin: 2rem; background: Canvas; color: CanvasText; color-scheme: light dark; }
h1 { font-size: 1.2rem; overflow-wrap: anywhere; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(14rem, 1fr)); gap: 1.2rem; padding: 0; list-style: none; }
.photos img { width: 100%; height: 12rem; object-fit: contain; background: #8882; border-radius: 6px; }
.photos p { margin: .2rem 0; overflow-wrap: anywhere; }
.credit, footer { opacity: .75; font-size: .85rem; }
</style>
</head>
<body>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : terminal_safe(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

bool may_link(std::string_view url) {
  const auto starts = [url](std::string_view prefix) { return ascii_lower(url.substr(0, prefix.size())) == prefix; };
  return starts("https://") || starts("http://") || starts("file://");
}

std::string link(std::string_view url, const std::string& inner) {
  if (!may_link(url)) return inner;
  return "<a href=\"" + escaped(url) + "\">" + inner + "</a>";
}

std::string photo_item(const FoundPhoto& found, bool own_score) {
  const Photo& photo = found.photo;
  char score[32];
  if (own_score)
    std::snprintf(score, sizeof score, "%.5g", found.score.score);
  else
    std::snprintf(score, sizeof score, "%.3f", found.score.cosine);
  const std::string title = photo.title.empty() ? "(untitled)" : escaped(photo.title);
  std::string item = "<li>";
  if (may_link(photo.image_url)) {
    item +=
        link(photo.page_url, "<img loading=\"lazy\" alt=\"" + title + "\" src=\"" + escaped(photo.image_url) + "\">");
  }
  item += "<p>" + link(photo.page_url, title) + "</p><p class=\"credit\">" + score;
  if (!photo.owner.empty()) item += " · by " + link(photo.owner_url, escaped(photo.owner));
  if (!photo.license.name.empty()) item += " · " + link(photo.license.url, escaped(photo.license.name));
  if (!found.duplicates.empty()) item += " · and";
  for (const Photo& duplicate : found.duplicates)
    item += " " + link(duplicate.page_url, "one alike");
  return item + "</p></li>\n";
}

std::string heading(const SearchReport& report) {
  if (report.run.score.empty()) return "Photos like " + escaped(report.query.source);
  const bool has_image = report.query.width > 0;
  return "Photos of the best " + escaped(report.run.score) +
         (has_image ? ", beginning with " + escaped(report.query.source) : "");
}

std::string section(const SearchReport& report) {
  std::string out = "<section>\n<h1>" + heading(report) + "</h1>\n<ol class=\"photos\">\n";
  const size_t shown = std::min(kPhotosOnPage, report.outcome.photos.size());
  for (size_t i = 0; i < shown; ++i)
    out += photo_item(report.outcome.photos[i], !report.run.score.empty());
  return out + "</ol>\n</section>\n";
}

}  // namespace

std::string html_page(std::span<const SearchReport> reports) {
  std::string page = kHead;
  std::set<std::string_view> notices;
  for (const SearchReport& report : reports) {
    page += section(report);
    for (const std::string& source : split(report.run.provider, ',')) {
      const auto info = find_provider(source);
      if (info.ok() && !(*info)->notice.empty()) notices.insert((*info)->notice);
    }
  }
  for (const std::string_view notice : notices)
    page += "<footer>" + escaped(notice) + "</footer>\n";
  return page + "</body>\n</html>\n";
}

}  // namespace lookalike
