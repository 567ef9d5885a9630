#include "models/catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "core/base/text/json.h"
#include "core/base/text/nearest_word.h"
#include "core/base/text/text.h"
#include "core/http/url.h"
#include "models/embedded.h"

namespace lookalike {
namespace {

constexpr std::string_view kSchema = "lookalike-catalogue/1";
constexpr rapidjson::SizeType kMaxEntries = 1000;
constexpr int64_t kMaxFileBytes = int64_t{4} << 30;
constexpr std::array<float, 3> kImagenetMean{0.485f, 0.456f, 0.406f};
constexpr std::array<float, 3> kImagenetScale{0.229f, 0.224f, 0.225f};

bool is_one_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

// Names are typed on command lines and printed in reports.
bool is_plain_name(std::string_view text) {
  if (text.empty() || text.size() > 100 || text.front() == '.' || text.front() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || is_one_of(c, "._-");
  });
}

bool is_digest(std::string_view text) {
  return text.size() == 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_one_of(c, "0123456789abcdef"); });
}

// PACKAGE is a name or @SCOPE/NAME; PATH stays inside the package.
bool is_npm_location(std::string_view text) {
  if (!text.starts_with("npm:")) return false;
  text.remove_prefix(4);
  const size_t hash = text.find('#');
  const size_t at = text.substr(0, hash).rfind('@');
  if (hash == std::string_view::npos || at == std::string_view::npos || at == 0) return false;
  std::string_view package = text.substr(0, at);
  if (package.starts_with('@')) {
    const size_t slash = package.find('/');
    if (slash == std::string_view::npos || !is_plain_name(package.substr(1, slash - 1))) return false;
    package.remove_prefix(slash + 1);
  }
  if (!is_plain_name(package) || !is_plain_name(text.substr(at + 1, hash - at - 1))) return false;
  const std::vector<std::string> steps = split(text.substr(hash + 1), '/');
  return std::all_of(steps.begin(), steps.end(), [](const std::string& step) { return is_plain_name(step); });
}

bool is_safe_url(const std::string& text) {
  const Result<Url> url = parse_url(text);
  if (!url.ok() || url->host.empty()) return false;
  return url->scheme == "https" || (url->scheme == "http" && is_loopback_host(url->host));
}

// Reads the members of one object of the file. The first that is wrong is remembered; later reads then do nothing, so
// a caller asks once, at the end.
class MemberReader {
 public:
  MemberReader(const rapidjson::Value& object, std::string where) : object_(object), where_(std::move(where)) {
    if (!object_.IsObject()) fail("is not an object");
  }

  std::string text(std::string_view member, bool required) {
    const rapidjson::Value* value = find(member, required);
    if (value == nullptr) return {};
    if (!value->IsString()) return fail(member, "is not text"), std::string();
    std::string result = terminal_safe({value->GetString(), value->GetStringLength()});
    if (required && result.empty()) fail(member, "is empty");
    return result;
  }

  std::string name(std::string_view member, bool required) {
    std::string result = text(member, required);
    if (!result.empty() && !is_plain_name(result)) fail(member, "may hold letters, digits, '.', '_' and '-' only");
    return result;
  }

  std::string digest(std::string_view member) {
    std::string result = text(member, true);
    if (ok() && !is_digest(result)) fail(member, "is not 64 lower-case hexadecimal digits");
    return result;
  }

  int64_t integer(std::string_view member, bool required, int64_t otherwise, int64_t least, int64_t most) {
    const rapidjson::Value* value = find(member, required);
    if (value == nullptr) return otherwise;
    if (value->IsInt64() && value->GetInt64() >= least && value->GetInt64() <= most) return value->GetInt64();
    fail(member, fmt::format("is not a whole number from {} to {}", least, most));
    return otherwise;
  }

  double positive(std::string_view member, double otherwise) {
    const rapidjson::Value* value = find(member, false);
    if (value == nullptr) return otherwise;
    if (value->IsNumber() && std::isfinite(value->GetDouble()) && value->GetDouble() > 0) return value->GetDouble();
    fail(member, "is not a number above 0");
    return otherwise;
  }

  bool boolean(std::string_view member, bool otherwise) {
    const rapidjson::Value* value = find(member, false);
    if (value == nullptr) return otherwise;
    if (value->IsBool()) return value->GetBool();
    fail(member, "is not true or false");
    return otherwise;
  }

  std::array<float, 3> triple(std::string_view member, std::array<float, 3> otherwise, bool zero_allowed) {
    const rapidjson::Value* value = find(member, false);
    if (value == nullptr) return otherwise;
    bool good = value->IsArray() && value->Size() == 3;
    for (rapidjson::SizeType i = 0; good && i < 3; ++i) {
      good = (*value)[i].IsNumber();
      if (good) otherwise[i] = static_cast<float>((*value)[i].GetDouble());
      good = good && std::isfinite(otherwise[i]) && (zero_allowed || otherwise[i] != 0.0f);
    }
    if (!good) fail(member, zero_allowed ? "is not three numbers" : "is not three numbers other than 0");
    return otherwise;
  }

  const rapidjson::Value* array(std::string_view member) {
    const rapidjson::Value* value = find(member, true);
    if (value == nullptr || value->IsArray()) return value;
    fail(member, "is not an array");
    return nullptr;
  }

  void fail(std::string_view member, const std::string& problem) {
    fail("has a member '" + std::string(member) + "' that " + problem);
  }
  void fail(const std::string& problem) {
    if (status_.ok()) status_ = Error{ErrorCode::bad_data, "catalogue: " + where_ + " " + problem};
  }
  void fail(Error error) {
    if (status_.ok()) status_ = std::move(error);
  }
  void name_place(std::string where) { where_ = std::move(where); }
  const std::string& place() const { return where_; }
  bool ok() const { return status_.ok(); }
  const Status& status() const { return status_; }

 private:
  const rapidjson::Value* find(std::string_view member, bool required) {
    if (!ok()) return nullptr;
    const rapidjson::Value* value = json_member(object_, member);
    if (value == nullptr && required) fail("lacks the member '" + std::string(member) + "'");
    return value;
  }

  const rapidjson::Value& object_;
  std::string where_;
  Status status_;
};

Conversion parse_conversion(MemberReader& members, CatalogueEntry::Kind kind) {
  const bool network = kind == CatalogueEntry::Kind::network;
  const std::string known = network ? "tflite" : "wink-embeddings";
  const std::string conversion = members.text("convert", false);
  if (conversion.empty()) return Conversion::none;
  if (conversion != known) members.fail("convert", "is not \"" + known + "\"");
  return network ? Conversion::tflite_to_onnx : Conversion::wink_words;
}

void parse_member(MemberReader& members, ModelSource& source) {
  source.member = members.text("member", false);
  if (source.member.empty()) return;
  const std::vector<std::string> steps = split(source.member, '/');
  if (!std::all_of(steps.begin(), steps.end(), is_plain_name)) members.fail("member", "is not a path in an archive");
  if (source.conversion != Conversion::tflite_to_onnx || source.location.starts_with("npm:")) {
    members.fail("member", "goes only with \"convert\": \"tflite\" and a URL");
  }
  source.member_sha256 = members.digest("member_sha256");
}

// A source is the text of its location, when the file lies there as it is, or an object.
Result<ModelSource> parse_source(const rapidjson::Value& value, const CatalogueEntry& entry, const std::string& where) {
  ModelSource source{.bytes = entry.bytes, .sha256 = entry.sha256};
  if (value.IsString()) {
    source.location.assign(value.GetString(), value.GetStringLength());
  } else {
    MemberReader members(value, where);
    source.location = members.text("location", true);
    source.conversion = parse_conversion(members, entry.kind);
    if (source.conversion != Conversion::none) {
      source.sha256 = members.digest("sha256");
      source.bytes = members.integer("bytes", true, 0, 1, kMaxFileBytes);
      source.result_bytes = members.integer("result_bytes", false, 0, 1, kMaxFileBytes);
      if (source.result_bytes == entry.bytes) members.fail("result_bytes", "is the entry's own size");
    }
    parse_member(members, source);
    source.last_resort = members.boolean("last_resort", false);
    if (!members.ok()) return members.status().error();
  }
  if (is_npm_location(source.location) || is_safe_url(source.location)) return source;
  return Error{ErrorCode::bad_data, "catalogue: " + where + " is neither an https URL nor npm:PACKAGE@VERSION#PATH: '" +
                                        terminal_safe(redacted_url(source.location)) + "'"};
}

Status parse_sources(MemberReader& members, CatalogueEntry& entry) {
  const rapidjson::Value* sources = members.array("sources");
  if (sources == nullptr) return members.status();
  for (rapidjson::SizeType i = 0; i < sources->Size(); ++i) {
    auto source = parse_source((*sources)[i], entry, members.place() + ", source " + std::to_string(i + 1));
    if (!source.ok()) return source.error();
    entry.sources.push_back(std::move(*source));
  }
  return {};
}

void parse_spec(MemberReader& members, CatalogueEntry& entry) {
  NetworkSpec& spec = entry.spec;
  spec.input_size = static_cast<int>(members.integer("input_size", false, 224, 16, 2048));
  spec.rgb = members.boolean("rgb", true);
  spec.mean = members.triple("mean", kImagenetMean, true);
  spec.scale = members.triple("scale", kImagenetScale, false);
  spec.feature_layer = members.text("feature_layer", false);
  spec.logits_layer = members.text("logits_layer", false);
  spec.logits_are_probabilities = members.boolean("probabilities", false);
  spec.score_scale = members.positive("score_scale", spec.score_scale);
  entry.score_scale_estimated = members.boolean("score_scale_estimated", false);
}

void parse_network(MemberReader& members, CatalogueEntry& entry) {
  entry.classes = static_cast<int>(members.integer("classes", true, 0, 0, 1001));
  if (entry.classes != 0 && entry.classes < 1000) members.fail("classes", "is not 0, 1000 or 1001");
  parse_spec(members, entry);
}

Result<CatalogueEntry> parse_entry(const rapidjson::Value& value, CatalogueEntry::Kind kind, size_t number) {
  const bool network = kind == CatalogueEntry::Kind::network;
  MemberReader members(value, (network ? "entry " : "word vectors ") + std::to_string(number));
  CatalogueEntry entry{.kind = kind};
  entry.spec.name = members.name("name", true);
  if (members.ok()) members.name_place(members.place() + " ('" + entry.spec.name + "')");
  entry.family = members.name("family", false);
  if (entry.family.empty()) entry.family = entry.spec.name;
  entry.title = members.text("title", true);
  entry.file = members.name("file", true);
  const std::string ending = network ? ".onnx" : ".words";
  if (members.ok() && !entry.file.ends_with(ending)) members.fail("file", "does not end in " + ending);
  entry.bytes = members.integer("bytes", true, 0, 1, kMaxFileBytes);
  entry.sha256 = members.digest("sha256");
  entry.license = members.text("license", true);
  entry.origin = members.text("origin", false);
  entry.on_request = members.boolean("on_request", false);
  if (network) parse_network(members, entry);
  if (!members.ok()) return members.status().error();
  if (const Status sources = parse_sources(members, entry); !sources.ok()) return sources.error();
  entry.spec.sha256 = entry.sha256;
  return entry;
}

void parse_entries(MemberReader& file, std::string_view member, CatalogueEntry::Kind kind,
                   std::vector<CatalogueEntry>& entries) {
  const rapidjson::Value* array = file.array(member);
  if (array == nullptr) return;
  if (array->Size() > kMaxEntries) return file.fail(member, "has more than 1000 entries");
  for (rapidjson::SizeType i = 0; i < array->Size(); ++i) {
    auto entry = parse_entry((*array)[i], kind, i + 1);
    if (!entry.ok()) return file.fail(entry.error());
    entries.push_back(std::move(*entry));
  }
}

Status check_unique(std::span<const CatalogueEntry> entries) {
  for (size_t i = 0; i < entries.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const bool same_name = entries[i].spec.name == entries[j].spec.name;
      if (!same_name && entries[i].file != entries[j].file) continue;
      return Error{ErrorCode::bad_data,
                   fmt::format("catalogue: entries {} and {} share the {} '{}'", j + 1, i + 1,
                               same_name ? "name" : "file", same_name ? entries[i].spec.name : entries[i].file)};
    }
  }
  return {};
}

std::vector<CatalogueEntry> parse_built_in() {
  auto entries = parse_catalogue(embedded::kCatalogueJson);
  assert(entries.ok() && "the built-in catalogue is checked by its test");
  return entries.ok() ? std::move(*entries) : std::vector<CatalogueEntry>();
}

}  // namespace

const std::string& unconverted_sha256(const ModelSource& source) {
  return source.member.empty() ? source.sha256 : source.member_sha256;
}

std::span<const CatalogueEntry> catalogue() {
  static const std::vector<CatalogueEntry> entries = parse_built_in();
  return entries;
}

Result<const CatalogueEntry*> find_in_catalogue(std::string_view name) {
  return find_in_catalogue(name, catalogue());
}

Result<const CatalogueEntry*> find_in_catalogue(std::string_view name, std::span<const CatalogueEntry> entries) {
  for (const CatalogueEntry& entry : entries) {
    if (entry.spec.name == name) return &entry;
  }
  for (const CatalogueEntry& entry : entries) {
    if (entry.family == name) return &entry;
  }
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : entries)
    names.push_back(entry.spec.name);
  return Error{ErrorCode::not_found,
               fmt::format("no network is called '{}'; there are {}, and any ONNX file by its path{}",
                           terminal_safe(name), join(names, ", "), did_you_mean(name, names))};
}

Result<std::vector<CatalogueEntry>> parse_catalogue(std::string_view json) {
  const auto document = parse_json(json);
  if (!document.ok()) return Error{ErrorCode::bad_data, "catalogue: " + document.error().message};
  MemberReader members(*document, "the file");
  const std::string schema = members.text("schema", true);
  if (members.ok() && schema != kSchema) members.fail("schema", "is not \"" + std::string(kSchema) + "\"");
  std::vector<CatalogueEntry> entries;
  parse_entries(members, "networks", CatalogueEntry::Kind::network, entries);
  if (members.ok() && json_member(*document, "word_vectors") != nullptr) {
    parse_entries(members, "word_vectors", CatalogueEntry::Kind::words, entries);
  }
  if (!members.ok()) return members.status().error();
  if (const Status unique = check_unique(entries); !unique.ok()) return unique.error();
  return entries;
}

}  // namespace lookalike
