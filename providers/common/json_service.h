// A source that is asked by HTTP GET and answers with JSON. A description (JsonService) says what the service is
// called, what it allows, what is sent for a search, and how a photo is read. All else is done here, the same for every
// source: the key is checked, and masked in errors; pages keep to what the service allows; its rates and the user's
// budget are kept to; refusals become errors; photos that cannot be shown, that came twice, or that have another
// licence than those wished for are dropped.
//
// A search for "tabby cat", page 2, at a service that gives pages of 3 to 200 photos:
//   text()        "tabby cat"               its words, without operators; an error when none is left
//   (reach)       page 2 of 200             a page beyond what can be reached is empty, and nothing is sent
//   parameters()  q=tabby+cat&page=2        a GET of the endpoint with these
//   refusals      400 "page out of range"   an empty page; others go by what they say, and by their status
//   rest()        continue=7                only where one page comes in several parts: asked for as well
//   photo()       {"id": 7, ...}            for each item of the list in the answer
// An example of a whole source: providers/nasa.cc; a smaller one: docs/providers.md, "Adding a source".
// Threads: as Provider. The HttpClient is borrowed and must outlive the provider; destroy it not from a callback.
// Tested by tests/providers/common/json_service_test.cc and, for every source, service_conformance_test.cc
#pragma once

#include <rapidjson/document.h>

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/provider.h"
#include "core/base/result.h"
#include "core/http/http_client.h"
#include "providers/common/license_names.h"
#include "providers/common/provider_entry.h"
#include "providers/common/service_rate.h"
#include "providers/common/service_request.h"

namespace lookalike {

using ServiceParameters = std::vector<std::pair<std::string, std::string>>;

// A page of a search, as the service is asked for it.
struct ServiceSearch {
  std::string text;
  int page = 1;
  int per_page = 30;
  std::optional<std::chrono::system_clock::time_point> uploaded_before = {};
  std::string key = {};
  SafeLevel safe = SafeLevel::strict;
  std::string licenses = {};  // what JsonService::licenses says
};

// What a service says with a 400 or 422, whose reasons are looked for in lower case.
struct ServiceRefusals {
  std::string_view reason = {};       // the field that says why; empty: the body is plain text
  std::string_view beyond_last = {};  // stands in the reason when the page is beyond the last: an empty page
  std::string_view bad_key = {};      // stands in the reason when the key is at fault
};

// What may stay empty or null has a usual meaning, which stands beside it. Needed: title, endpoint, info with its name
// and reach, parameters, and either list and photo, or read.
struct JsonService {
  std::string_view title;     // "Pixabay", as messages call it
  std::string_view endpoint;  // its own, whatever --endpoint says
  ProviderInfo info;          // `reach` also bounds pages; `key_variables` and `key_url` stand in errors
  int least_per_page = 1;
  size_t most_text = 200;  // code points
  // Assumed until its answers say something; none at a loopback --endpoint. `known`: who gives the key or the contact
  // that it asks for but does not need; `advice` tells the others.
  std::vector<ServiceLimit> limits = {};
  std::vector<ServiceLimit> limits_of_known = {};
  std::string_view advice = {};
  std::string_view after_refusal = {};  // what to do about 401 and 403; empty: check the key, or try again later
  std::string_view after_429 = "try again later";
  // Failures that come with status 200 (read() says `network`) are asked again after so long, twice that, …; 0: not.
  std::chrono::milliseconds ask_again_after{0};
  std::optional<ServiceRefusals> refusals = {};  // nothing: 400 and 422 are no answers that it gives
  // Its own names for the licences that it has, by those of license_kinds(): a wish asks it for them. Empty: it cannot
  // be asked; any licence may be wished for.
  LicenseNames license_names = {};

  ServiceParameters (*parameters)(const ServiceSearch& search) = nullptr;
  std::string_view list = {};   // where the photos are: "collection/items"
  std::string_view total = {};  // where the number of all is; empty: it is not said
  std::string_view more = {};  // where "another page" is true or false. Neither: a full page may have another behind it
  // Need not set `provider`, nor `attribution` where title, owner and licence say it. A photo without id, page or image
  // is dropped.
  std::optional<Photo> (*photo)(const rapidjson::Value& item) = nullptr;

  // Null: query_text().
  Result<std::string> (*text)(std::string_view text) = nullptr;
  // Whether a word of --license is an id of the service's own. Null: none is.
  bool (*is_own_license)(std::string_view word) = nullptr;
  // What the service is asked for by the wish. May clear the wish where nothing is left to filter. Null: the names
  // among `license_names`, between commas.
  Result<std::string> (*licenses)(LicenseWish& wish) = nullptr;
  // What else to ask for to have the page whole, after this part of it; empty: nothing. Null: it comes in one part.
  ServiceParameters (*rest)(const rapidjson::Value& part) = nullptr;
  // The page of these parts. Null: by `list`, `total`, `more` and photo().
  Result<PhotoPage> (*read)(std::span<const rapidjson::Document> parts, const ServiceSearch& search) = nullptr;
};

// Errors: auth (the key), usage (endpoint, licences, safe).
Result<std::unique_ptr<Provider>> make_json_provider(const JsonService& service, const ProviderSettings& settings,
                                                     HttpClient& http);

ProviderEntry json_entry(const JsonService& service);

// What the body of an answer with status 200 says, whole. Errors: bad_data, and what read() says.
Result<PhotoPage> read_answer(const JsonService& service, std::string_view body, const ServiceSearch& search,
                              const LicenseWish& wish = {});
// What a 400 or 422 means: an empty page, auth, or usage; nothing for other statuses.
std::optional<Result<PhotoPage>> read_refusal(const JsonService& service, const HttpResponse& response);

}  // namespace lookalike
