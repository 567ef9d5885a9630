#include <algorithm>
#include <initializer_list>
#include <limits>
#include <set>
#include <string_view>

#include "cli/output/formats.h"
#include "cli/output/report.h"
#include "core/base/text/text.h"
#include "providers/registry.h"

namespace lookalike {
namespace {

constexpr const char* kHead = R"(<head>
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
nav { margin: 1rem 0; }
.credit, footer { opacity: .75; font-size: .85rem; }
</style>
</head>
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

struct Attribute {
  const char* name;
  std::string_view value;  // is escaped
};

std::string opening(const char* name, std::initializer_list<Attribute> attributes) {
  std::string tag = std::string("<") + name;
  for (const Attribute& attribute : attributes)
    tag += std::string(" ") + attribute.name + "=\"" + escaped(attribute.value) + "\"";
  return tag + ">";
}

// An element with its end. `inner` is HTML already.
std::string element(const char* name, std::initializer_list<Attribute> attributes, const std::string& inner) {
  return opening(name, attributes) + inner + "</" + name + ">";
}

std::string link(std::string_view url, const std::string& inner) {
  return may_link(url) ? element("a", {{"href", url}}, inner) : inner;
}

std::string thumbnail(const Photo& photo, std::string_view title) {
  if (!may_link(photo.image_url)) return "";
  return link(photo.page_url, opening("img", {{"loading", "lazy"}, {"alt", title}, {"src", photo.image_url}}));
}

// "likeness 73.2 · by an owner · CC BY 2.0 · and one alike", with links.
std::string credit(const FoundPhoto& found, std::string_view own_score) {
  const Photo& photo = found.photo;
  std::string text = escaped(score_name(own_score)) + " " + score_digits(found.score);
  if (!photo.owner.empty()) text += " · by " + link(photo.owner_url, escaped(photo.owner));
  if (!photo.license.name.empty()) text += " · " + link(photo.license.url, escaped(photo.license.name));
  if (!found.duplicates.empty()) text += " · and";
  for (const Photo& duplicate : found.duplicates)
    text += " " + link(duplicate.page_url, "a near-duplicate");
  return text;
}

std::string photo_item(const FoundPhoto& found, std::string_view own_score) {
  const std::string title = found.photo.title.empty() ? "(untitled)" : found.photo.title;
  return element("li", {},
                 thumbnail(found.photo, title) + element("p", {}, link(found.photo.page_url, escaped(title))) +
                     element("p", {{"class", "credit"}}, credit(found, own_score))) +
         "\n";
}

std::string heading(const SearchReport& report) {
  if (report.run.score.empty()) return "Photos like " + escaped(report.query.source);
  const bool has_image = report.query.width > 0;
  return "Photos of the best " + escaped(report.run.score) +
         (has_image ? ", beginning with " + escaped(report.query.source) : "");
}

// The fewest that a source of any of them allows.
size_t photos_on_page(std::span<const SearchReport> reports) {
  std::string providers;
  for (const SearchReport& report : reports)
    providers += (providers.empty() ? "" : ",") + report.run.provider;
  return lookalike::photos_on_page(providers).value_or(std::numeric_limits<size_t>::max());
}

// Photos `begin` to `end` of a report.
struct Section {
  const SearchReport* report;
  size_t begin;
  size_t end;
};

using Page = std::vector<Section>;

// A report after the other, each in as many pieces as the room on the pages makes of it.
std::vector<Page> paginated(std::span<const SearchReport> reports) {
  const size_t limit = photos_on_page(reports);
  std::vector<Page> pages(1);
  size_t room = limit;
  for (const SearchReport& report : reports) {
    const size_t photos = report.outcome.photos.size();
    size_t begin = 0;
    do {
      if (room == 0) {
        pages.emplace_back();
        room = limit;
      }
      const size_t end = begin + std::min(room, photos - begin);
      pages.back().push_back({&report, begin, end});
      room -= end - begin;
      begin = end;
    } while (begin < photos);
  }
  return pages;
}

std::string section_text(const Section& section) {
  const SearchReport& report = *section.report;
  std::string photos = "\n";
  for (size_t i = section.begin; i < section.end; ++i)
    photos += photo_item(report.outcome.photos[i], report.run.score);
  const std::string title = heading(report) + (section.begin > 0 ? ", continued" : "");
  return element("section", {},
                 "\n" + element("h1", {}, title) + "\n" + element("ol", {{"class", "photos"}}, photos) + "\n") +
         "\n";
}

// The notices that the sources ask for.
std::string notices(std::span<const SearchReport> reports) {
  std::set<std::string_view> notices;
  for (const SearchReport& report : reports) {
    for (const std::string& source : split(report.run.provider, ',')) {
      const auto info = find_provider(source);
      if (info.ok() && !(*info)->notice.empty()) notices.insert((*info)->notice);
    }
  }
  std::string text;
  for (const std::string_view notice : notices)
    text += element("footer", {}, escaped(notice)) + "\n";
  return text;
}

std::string page_text(const Page& page, const std::string& below) {
  std::string body = "\n";
  for (const Section& section : page)
    body += section_text(section);
  return "<!doctype html>\n" +
         element("html", {{"lang", "en"}}, "\n" + std::string(kHead) + element("body", {}, body + below) + "\n") + "\n";
}

// A file's name as a relative address: no byte of it means anything else there.
std::string relative_address(const std::string& name) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr char kDigits[] = "0123456789ABCDEF";
  std::string address = "./";
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (kPlain.find(c) != std::string_view::npos)
      address += c;
    else
      address += {'%', kDigits[byte / 16], kDigits[byte % 16]};
  }
  return address;
}

// "Page 2 of 3: 1 2 3", the others linked.
std::string navigation(const std::vector<std::string>& names, size_t current) {
  std::string text = "Page " + std::to_string(current + 1) + " of " + std::to_string(names.size()) + ":";
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    text +=
        " " + (i == current ? element("b", {}, number) : element("a", {{"href", relative_address(names[i])}}, number));
  }
  return element("nav", {}, text) + "\n";
}

size_t photo_count(std::span<const SearchReport> reports) {
  size_t photos = 0;
  for (const SearchReport& report : reports)
    photos += report.outcome.photos.size();
  return photos;
}

}  // namespace

std::optional<size_t> photos_on_page(std::string_view providers) {
  std::optional<size_t> fewest;
  for (const std::string& source : split(providers, ',')) {
    const auto info = find_provider(source);
    if (!info.ok() || (*info)->photos_on_page == 0) continue;
    const auto allowed = static_cast<size_t>((*info)->photos_on_page);
    fewest = std::min(fewest.value_or(allowed), allowed);
  }
  return fewest;
}

std::string html_page(std::span<const SearchReport> reports) {
  const auto pages = paginated(reports);
  if (pages.size() == 1) return page_text(pages[0], notices(reports));
  const std::string remark = "These are the first " + std::to_string(photos_on_page(reports)) + " of " +
                             std::to_string(photo_count(reports)) +
                             " photos: the source's terms allow no more on one page. " +
                             element("code", {}, "--output FILE") + " writes all of them, on several pages.";
  return page_text(pages[0], element("nav", {}, remark) + "\n" + notices(reports));
}

std::vector<HtmlFile> html_files(std::span<const SearchReport> reports, const std::string& name) {
  const auto pages = paginated(reports);
  std::vector<std::string> names;
  for (size_t i = 0; i < pages.size(); ++i)
    names.push_back(html_file_name(name, i + 1));
  std::vector<HtmlFile> files;
  for (size_t i = 0; i < pages.size(); ++i) {
    const std::string links = pages.size() > 1 ? navigation(names, i) : "";
    files.push_back({names[i], page_text(pages[i], links + notices(reports))});
  }
  return files;
}

std::string html_file_name(const std::string& name, size_t number) {
  constexpr size_t kLongestName = 255;  // bytes, on the usual file systems
  if (number == 1) return name;
  const size_t dot = name.rfind('.');
  const bool has_ending = dot != std::string::npos && dot > 0 && name.size() - dot <= 10;
  const std::string ending = "-" + std::to_string(number) + (has_ending ? name.substr(dot) : "");
  std::string stem = has_ending ? name.substr(0, dot) : name;
  while (stem.size() + ending.size() > kLongestName) {
    // A character as a whole.
    while (stem.size() > 1 && (static_cast<unsigned char>(stem.back()) & 0xC0) == 0x80)
      stem.pop_back();
    stem.pop_back();
  }
  return stem + ending;
}

}  // namespace lookalike
