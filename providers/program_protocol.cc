#include "providers/program_protocol.h"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <unordered_set>
#include <utility>

#include "core/base/text/json.h"
#include "core/base/text/text.h"
#include "providers/common/answer_fields.h"

namespace lookalike {
namespace {

using rapidjson::Value;
using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr int kMaxAnswerDepth = 8;
constexpr int kMaxPerPage = 500;
constexpr size_t kMaxIdBytes = 256;
constexpr size_t kMaxPathBytes = 4096;
constexpr size_t kShownCodePoints = 100;
constexpr size_t kMaxMessageCodePoints = 500;

void write_text(Writer& json, const char* key, std::string_view value) {
  json.Key(key);
  json.String(valid_utf8(value));
}

void write_number(Writer& json, const char* key, int64_t value) {
  json.Key(key);
  json.Int64(value);
}

void write_list(Writer& json, const char* key, const std::vector<std::string>& values) {
  json.Key(key);
  json.StartArray();
  for (const std::string& value : values)
    json.String(valid_utf8(value));
  json.EndArray();
}

std::string shown(std::string_view text) {
  return "\"" + clip_text(terminal_safe(text.substr(0, 1000)), kShownCodePoints) + "\"";
}

const char* kind_of(const Value& value) {
  switch (value.GetType()) {
    case rapidjson::kNullType: return "null";
    case rapidjson::kFalseType:
    case rapidjson::kTrueType: return "true or false";
    case rapidjson::kObjectType: return "an object";
    case rapidjson::kArrayType: return "a list";
    case rapidjson::kStringType: return "text";
    case rapidjson::kNumberType: return "a number";
  }
  return "something";
}

std::string misplaced(const char* name, const Value& value, const char* wanted) {
  return "\"" + std::string(name) + "\" is " + kind_of(value) + " where " + wanted + " belongs";
}

// The member, unless it is null, which says no more than leaving it out.
const Value* given(const Value& object, const char* name) {
  const Value* const member = json_member(object, name);
  return member == nullptr || member->IsNull() ? nullptr : member;
}

Error wrong(const std::string& what) {
  return {ErrorCode::bad_data, "answered " + what};
}

// The fields of one photo; what is wrong first is kept.
class PhotoFields {
 public:
  explicit PhotoFields(const Value& photo) : photo_(photo) {}

  const std::string& problem() const { return problem_; }

  void complain(std::string what) {
    if (problem_.empty()) problem_ = std::move(what);
  }

  bool holds_text(const char* name) {
    const Value* const member = given(photo_, name);
    if (member == nullptr) return false;
    if (member->IsString() || member->IsNumber()) return true;
    complain(misplaced(name, *member, "text"));
    return false;
  }

  std::string text(const char* name) { return holds_text(name) ? short_text(photo_, name) : std::string(); }

  // Empty when it is not given; one that is, is an address of the web.
  std::string address(const char* name) {
    if (!holds_text(name)) return {};
    std::string url = web_url(photo_, name);
    if (url.empty())
      complain("\"" + std::string(name) + "\" is no http(s) address: " + shown(*json_text(photo_, name)));
    return url;
  }

  std::string id() {
    std::string id = holds_text("id") ? *json_text(photo_, "id") : std::string();
    if (id.empty()) complain("has no \"id\"");
    if (id.size() > kMaxIdBytes) complain("\"id\" is longer than 256 bytes");
    return id;
  }

  // Raw bytes: a name on this disk need not be UTF-8.
  std::string file() {
    const Value* const member = given(photo_, "file");
    if (member == nullptr) return {};
    if (!member->IsString()) complain(misplaced("file", *member, "text"));
    if (!member->IsString()) return {};
    std::string path(member->GetString(), member->GetStringLength());
    const bool absolute = path.starts_with('/') && path.size() <= kMaxPathBytes && path.find('\0') == std::string::npos;
    if (!absolute) complain("\"file\" is no absolute path: " + shown(path));
    return path;
  }

  std::vector<std::string> tags() {
    std::vector<std::string> tags;
    const Value* const member = given(photo_, "tags");
    if (member == nullptr) return tags;
    if (!member->IsArray()) complain(misplaced("tags", *member, "a list"));
    if (!member->IsArray()) return tags;
    for (const Value& tag : member->GetArray()) {
      if (!tag.IsString()) complain(misplaced("tags", tag, "text"));
      if (tag.IsString()) add_tag(tags, {tag.GetString(), tag.GetStringLength()});
    }
    return tags;
  }

  // Its name alone, or an object.
  License license() {
    const Value* const member = given(photo_, "license");
    if (member == nullptr) return {};
    if (!member->IsObject()) {
      const std::string name = text("license");
      return {name, name, ""};
    }
    License license{short_text(*member, "id"), short_text(*member, "name"), web_url(*member, "url")};
    if (license.name.empty()) license.name = license.id;
    if (license.id.empty()) license.id = license.name;
    return license;
  }

 private:
  const Value& photo_;
  std::string problem_;
};

void read_places(PhotoFields& fields, Photo& photo) {
  photo.page_url = fields.address("page_url");
  photo.local_path = fields.file();
  if (photo.local_path.empty()) {
    photo.image_url = fields.address("image_url");
    if (photo.image_url.empty()) fields.complain("has neither \"image_url\" nor \"file\"");
  } else {
    photo.image_url = file_url(photo.local_path);
  }
  if (photo.page_url.empty()) photo.page_url = photo.image_url;
}

// Errors: what is wrong with it.
Result<Photo> read_photo(const Value& value) {
  if (!value.IsObject()) return Error{ErrorCode::bad_data, std::string("is ") + kind_of(value) + ", no object"};
  PhotoFields fields(value);
  Photo photo;
  photo.provider = "program";
  photo.id = fields.id();
  read_places(fields, photo);
  photo.title = fields.text("title");
  photo.owner = fields.text("owner");
  photo.owner_url = web_url(value, "owner_url");
  photo.license = fields.license();
  photo.attribution = fields.text("attribution");
  if (photo.attribution.empty()) photo.attribution = attribution_line(photo.title, photo.owner, photo.license.name);
  photo.tags = fields.tags();
  if (!fields.problem().empty()) return Error{ErrorCode::bad_data, fields.problem()};
  return photo;
}

void read_photos(const Value& list, SourceAnswer& answer, PhotoPage& page) {
  const auto count = std::min<rapidjson::SizeType>(list.Size(), kMaxSourcePhotos);
  std::unordered_set<std::string> seen;
  for (rapidjson::SizeType i = 0; i < count; ++i) {
    auto photo = read_photo(list[i]);
    if (photo.ok()) {
      if (seen.insert(photo->id).second) page.photos.push_back(std::move(*photo));
    } else if (answer.dropped++ == 0) {
      answer.first_problem = "photos[" + std::to_string(i) + "] " + photo.error().message;
    }
  }
}

constexpr ErrorCode kCodes[] = {ErrorCode::quota, ErrorCode::auth, ErrorCode::network, ErrorCode::bad_data,
                                ErrorCode::usage};

// What the program itself says is wrong, into `said`. Errors: it says so wrongly.
Status read_error(const Value& error, Error& said) {
  if (!error.IsObject()) return wrong("wrongly: " + misplaced("error", error, "an object"));
  const std::string code = json_text(error, "code").value_or("");
  const std::string message = clip_text(terminal_safe(json_text(error, "message").value_or("")), kMaxMessageCodePoints);
  for (const ErrorCode known : kCodes) {
    if (code != to_string(known)) continue;
    said = {known, message.empty() ? "gave no reason" : message};
    return {};
  }
  return wrong("with the error code " + shown(code) + ": use quota, auth, network, bad_data or usage" +
               (message.empty() ? "" : " (it says: " + message + ")"));
}

// A count of 1 or more; 1 when it is not given. Nothing when it is no whole number.
std::optional<int> read_count(const Value& answer, const char* name) {
  if (given(answer, name) == nullptr) return 1;
  const auto number = json_integer(answer, name);
  if (!number) return std::nullopt;
  return static_cast<int>(std::clamp<int64_t>(*number, 1, std::numeric_limits<int>::max()));
}

Result<SourceAnswer> read_page(const Value& value, SourceAnswer answer) {
  const Value* const photos = given(value, "photos");
  if (photos == nullptr) return wrong("without \"photos\" and without \"error\"");
  if (!photos->IsArray()) return wrong("wrongly: " + misplaced("photos", *photos, "a list"));
  PhotoPage page;
  if (const Value* const more = given(value, "has_more")) {
    if (!more->IsBool()) return wrong("wrongly: " + misplaced("has_more", *more, "true or false"));
    page.has_more = more->GetBool();
  }
  read_photos(*photos, answer, page);
  if (page.photos.empty() && answer.dropped > 0) {
    return wrong("with " + std::to_string(answer.dropped) +
                 " photos of which none can be used: " + answer.first_problem);
  }
  answer.page = std::move(page);
  return answer;
}

}  // namespace

std::string source_question(const SourceQuestion& question) {
  rapidjson::StringBuffer buffer;
  Writer json(buffer);
  json.StartObject();
  write_text(json, "schema", kSourceSchema);
  write_number(json, "id", question.id);
  write_text(json, "query", question.query.text);
  write_number(json, "page", std::max(question.query.page, 1));
  write_number(json, "per_page", std::clamp(question.query.per_page, 1, kMaxPerPage));
  write_number(json, "max_requests", question.query.max_requests);
  write_text(json, "safe", question.safe);
  if (!question.licenses.empty()) write_list(json, "license", question.licenses);
  if (const auto before = question.query.uploaded_before) {
    write_number(json, "uploaded_before", std::chrono::floor<std::chrono::seconds>(before->time_since_epoch()).count());
  }
  if (!question.endpoint.empty()) write_text(json, "endpoint", question.endpoint);
  json.EndObject();
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

Result<SourceAnswer> parse_source_answer(std::string_view line, int64_t id) {
  const auto value = parse_json(line, kMaxAnswerDepth);
  if (!value.ok()) return wrong("with no JSON object: " + value.error().message);
  if (!value->IsObject()) return wrong(std::string("with ") + kind_of(*value) + " where an object belongs");
  const auto schema = json_text(*value, "schema");
  if (schema && *schema != kSourceSchema) return wrong("by the schema " + shown(*schema) + ", which is not known here");
  const auto answered = json_integer(*value, "id");
  if (!answered) return wrong("without the number of the question as \"id\"");
  if (*answered != id) return wrong("question " + std::to_string(*answered) + " when asked " + std::to_string(id));
  const auto requests = read_count(*value, "requests");
  const auto at_once = read_count(*value, "at_once");
  if (!requests || !at_once) {
    const char* const name = requests ? "at_once" : "requests";
    return wrong("wrongly: " + misplaced(name, *json_member(*value, name), "a whole number"));
  }
  SourceAnswer answer{.page = PhotoPage{},
                      .requests = *requests,
                      .at_once = std::min(*at_once, kMaxProgramsAtOnce),
                      .dropped = 0,
                      .first_problem = {}};
  const Value* const error = given(*value, "error");
  if (error == nullptr) return read_page(*value, std::move(answer));
  Error said;
  if (const Status read = read_error(*error, said); !read.ok()) return read.error();
  answer.page = std::move(said);
  return answer;
}

}  // namespace lookalike
