#include "tests/support/faults.h"

#include <cstdint>
#include <ostream>
#include <utility>

#include "tests/support/fault_payloads.h"

namespace lookalike::test {
namespace {

using std::chrono::milliseconds;

constexpr int64_t kHugeBody = int64_t{1} << 30;
constexpr const char* kHtml = "<html><head><title>Sign in</title></head><body>Please sign in to go on.</body></html>";
constexpr const char* kJsonType = "application/json";

Fault::Work answer(int status, std::vector<std::string> headers = {}) {
  return [status, headers = std::move(headers)](RawConnection& connection, const GoodAnswer&) {
    connection.send(http_answer(status, "text/plain", "status " + std::to_string(status), headers));
  };
}

Fault::Work body(std::string type, std::string bytes, std::vector<std::string> headers = {}) {
  return [type = std::move(type), bytes = std::move(bytes), headers = std::move(headers)](
             RawConnection& connection, const GoodAnswer&) { connection.send(http_answer(200, type, bytes, headers)); };
}

// Made when it is first asked for: most tests never need it.
void gzip_bomb_answer(RawConnection& connection, const GoodAnswer& good) {
  static const std::string kBomb = gzip_bomb(64 << 20);
  connection.send(http_answer(200, good.type, kBomb, {"Content-Encoding: gzip"}));
}

void png_bomb_answer(RawConnection& connection, const GoodAnswer&) {
  static const std::string kBomb = png_bomb();
  connection.send(http_answer(200, "image/png", kBomb));
}

// The right answer with its body changed.
Fault::Work changed(std::function<std::string(const std::string&)> change) {
  return [change = std::move(change)](RawConnection& connection, const GoodAnswer& good) {
    connection.send(http_answer(200, good.type, change(good.body)));
  };
}

Fault::Work redirect(std::string to) {
  return [to = std::move(to)](RawConnection& connection, const GoodAnswer&) {
    connection.send(http_answer(302, "text/html", "", {"Location: " + to}));
  };
}

std::string head_of(const GoodAnswer& good) {
  const std::string whole = http_answer(200, good.type, good.body);
  return whole.substr(0, whole.size() - good.body.size());
}

void send_half(RawConnection& connection, const GoodAnswer& good) {
  connection.send(head_of(good) + good.body.substr(0, good.body.size() / 2));
}

void reset_mid_body(RawConnection& connection, const GoodAnswer& good) {
  send_half(connection, good);
  connection.pause(milliseconds(20));  // a reset overtakes what the client has not read yet
  connection.reset();
}

void hang_mid_body(RawConnection& connection, const GoodAnswer& good) {
  send_half(connection, good);
  connection.hang();
}

void trickle(RawConnection& connection, const GoodAnswer& good) {
  connection.send(head_of(good));
  for (size_t i = 0; i < good.body.size(); ++i) {
    if (!connection.send(good.body.substr(i, 1)) || !connection.pause(milliseconds(1000))) return;
  }
}

void redirect_to_itself(RawConnection& connection, const GoodAnswer& good) {
  connection.send(http_answer(301, "text/html", "", {"Location: " + good.self}));
}

void huge_announced(RawConnection& connection, const GoodAnswer& good) {
  connection.send("HTTP/1.1 200 OK\r\nContent-Type: " + good.type + "\r\nContent-Length: " + std::to_string(kHugeBody) +
                  "\r\nConnection: close\r\n\r\n");
  const std::string block(1 << 16, '[');
  for (int64_t sent = 0; sent < kHugeBody && connection.send(block);)
    sent += static_cast<int64_t>(block.size());
}

void huge_chunked(RawConnection& connection, const GoodAnswer& good) {
  connection.send("HTTP/1.1 200 OK\r\nContent-Type: " + good.type +
                  "\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
  const std::string chunk = "10000\r\n" + std::string(1 << 16, '[') + "\r\n";
  for (int64_t sent = 0; sent < kHugeBody && connection.send(chunk);)
    sent += 1 << 16;
  connection.send("0\r\n\r\n");
}

void endless_headers(RawConnection& connection, const GoodAnswer&) {
  connection.send("HTTP/1.1 200 OK\r\n");
  const std::string line = "X-Padding: " + std::string(1000, 'x') + "\r\n";
  for (int i = 0; i < 100'000 && connection.send(line);)
    ++i;
}

void nowhere(RawConnection& connection, const GoodAnswer& good) {
  connection.send(http_answer(302, "text/html", "", {"Location: " + good.nowhere}));
}

constexpr const char* kUnknownHost = "https://nowhere.invalid/";

// What may happen to any answer.
std::vector<Fault> transport_faults() {
  const std::string retry_date = "Retry-After: Wed, 21 Oct 2065 07:28:00 GMT";
  return {
      // "@nowhere" stands for a port that is chosen when the service starts.
      {.name = "refused", .work = nowhere, .address = "@nowhere"},
      {.name = "unknown_host", .work = redirect(kUnknownHost), .address = kUnknownHost},
      {.name = "reset_before_headers", .work = [](RawConnection& c, const GoodAnswer&) { c.reset(); }},
      {.name = "reset_mid_body", .work = reset_mid_body},
      {.name = "closed_mid_body", .work = send_half},
      {.name = "hang_before_headers", .work = [](RawConnection& c, const GoodAnswer&) { c.hang(); }},
      {.name = "hang_mid_body", .work = hang_mid_body},
      {.name = "one_byte_a_second", .work = trickle},
      {.name = "redirect_loop", .work = redirect_to_itself},
      {.name = "redirect_to_file", .work = redirect("file:///etc/passwd")},
      {.name = "redirect_to_metadata", .work = redirect("http://169.254.169.254/latest/meta-data/")},
      {.name = "redirect_to_gopher", .work = redirect("gopher://127.0.0.1:70/1")},
      {.name = "status_400", .work = answer(400)},
      {.name = "status_401", .work = answer(401)},
      {.name = "status_403", .work = answer(403)},
      {.name = "status_404", .work = answer(404)},
      {.name = "status_429", .work = answer(429)},
      {.name = "status_429_retry_now", .work = answer(429, {"Retry-After: 0"})},
      {.name = "status_429_retry_in_an_hour", .work = answer(429, {"Retry-After: 3600"})},
      {.name = "status_429_retry_in_2065", .work = answer(429, {retry_date})},
      {.name = "status_500", .work = answer(500)},
      {.name = "status_503", .work = answer(503)},
      {.name = "status_503_retry_in_20_s", .work = answer(503, {"Retry-After: 20"})},
      {.name = "status_503_retry_nonsense", .work = answer(503, {"Retry-After: -99999999999999999999"})},
      {.name = "no_answer_at_all", .work = [](RawConnection&, const GoodAnswer&) {}},
      {.name = "not_http", .work = [](RawConnection& c, const GoodAnswer&) { c.send("220 mail.example ESMTP\r\n"); }},
      {.name = "endless_headers", .work = endless_headers},
      {.name = "empty_body", .work = body("", "")},
      {.name = "zero_bytes", .work = body("application/octet-stream", std::string(5000, '\0'))},
      {.name = "html", .work = body("text/html", kHtml)},
      {.name = "huge_body_announced", .work = huge_announced},
      {.name = "huge_body_chunked", .work = huge_chunked},
      {.name = "gzip_bomb", .work = gzip_bomb_answer},
      {.name = "broken_gzip", .work = body(kJsonType, "\x1f\x8b\x08 no more", {"Content-Encoding: gzip"})},
      {.name = "wrong_content_type",
       .fails = false,
       .work = [](RawConnection& c, const GoodAnswer& good) { c.send(http_answer(200, "video/mp4", good.body)); }},
  };
}

Fault::Work tags(std::string text) {
  return changed([text = std::move(text)](const std::string& good) { return with_photo_text(good, "tags", text); });
}

// Hostile in every text that people see.
Fault::Work texts(std::string text) {
  return changed([text = std::move(text)](const std::string& good) {
    std::string bad = good;
    for (const char* member : {"title", "ownername", "tags"})
      bad = with_photo_text(bad, member, text);
    return bad;
  });
}

std::vector<Fault> json_faults() {
  const auto half = [](const std::string& good) { return good.substr(0, good.size() / 2); };
  return {
      {.name = "truncated_json", .work = changed(half)},
      {.name = "trailing_comma", .fails = false, .work = changed(with_trailing_comma)},
      {.name = "nested_arrays", .work = body(kJsonType, std::string(200'000, '['))},
      {.name = "nested_photos", .work = body(kJsonType, "{\"photos\":" + std::string(200'000, '[') + "}")},
      {.name = "no_photos_member", .work = body(kJsonType, R"({"photos": 7, "stat": ["ok"]})")},
      {.name = "wrong_types",
       .fails = false,
       .work = body(kJsonType, R"({"stat": "ok", "photos": {"page": [], "pages": {}, "perpage": null, "total": -1e308,
         "photo": [1, null, "x", [], {"id": {}, "owner": [], "title": {"_content": 9}, "tags": {"a": 1}, "url_n": false},
         {"id": -1.5, "owner": true, "url_n": 12, "license": {}}, {"id": "7", "owner": "o", "url_n": "ftp://x/y"}]}})")},
      {.name = "invalid_utf8", .fails = false, .work = changed([](const std::string& good) {
                                                 return with_raw_bytes(good, "\xff\xc0\x80\xed\xa0\x80");
                                               })},
      {.name = "duplicate_ids", .fails = false, .work = changed(with_photos_doubled)},
      {.name = "long_tags", .fails = false, .work = changed([](const std::string& good) {
                                              return with_photo_text(
                                                  good, "tags", std::string(1 << 20, 'a') + " " + std::string(99, 'b'),
                                                  1);
                                            })},
      {.name = "long_title", .fails = false, .work = changed([](const std::string& good) {
                                               return with_photo_text(good, "title", std::string(1 << 18, 'a'), 1);
                                             })},
      {.name = "dash_tags", .fails = false, .work = tags("-apple --leaf - -- -sky")},
      {.name = "quote_tags", .fails = false, .work = tags(R"("apple" 'leaf' ""  \" `sky` $(reboot) %00 &api_key=x)")},
      {.name = "nul_tags", .fails = false, .work = texts(std::string("app\0le \0 leaf", 13))},
      {.name = "newline_texts", .fails = false, .work = texts("apple\nlookalike: error: forged\r\n\x0b\x0cleaf")},
      {.name = "escape_texts",
       .fails = false,
       .work = texts("\x1b]0;owned\x07\x1b[2J\x1b[31mapple\x9b 2J \xc2\x9b"
                     "31m")},
      {.name = "emoji_tags", .fails = false, .work = texts("\U0001F468\u200D\U0001F469\u200D\U0001F467 \U0001F34E")},
      {.name = "right_to_left_texts",
       .fails = false,
       .work = texts("\u202Egpj.elppa\u202C \u2066leaf\u2069 \u200F\u061C")},
  };
}

std::vector<Fault> picture_faults() {
  const auto half = [](const std::string& good) { return good.substr(0, good.size() / 2); };
  return {
      {.name = "truncated_jpeg", .work = changed(half)},
      {.name = "png_bomb", .work = png_bomb_answer},
      {.name = "html_as_jpeg", .work = body("image/jpeg", kHtml)},
      {.name = "svg", .work = body("image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>")},
      {.name = "animated_webp", .fails = false, .work = body("image/webp", animated_webp())},
  };
}

void append(std::vector<Fault>& all, std::vector<Fault> some, FaultTarget target) {
  for (Fault& fault : some) {
    fault.target = target;
    fault.name = (target == FaultTarget::api ? "api_" : "image_") + fault.name;
    all.push_back(std::move(fault));
  }
}

std::vector<Fault> make_all() {
  std::vector<Fault> all;
  append(all, transport_faults(), FaultTarget::api);
  append(all, json_faults(), FaultTarget::api);
  append(all, transport_faults(), FaultTarget::image);
  append(all, picture_faults(), FaultTarget::image);
  return all;
}

}  // namespace

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

const std::vector<Fault>& all_faults() {
  static const std::vector<Fault> kAll = make_all();
  return kAll;
}

std::string http_answer(int status, const std::string& type, const std::string& body,
                        const std::vector<std::string>& headers) {
  std::string text = "HTTP/1.1 " + std::to_string(status) + " Status\r\n";
  if (!type.empty()) text += "Content-Type: " + type + "\r\n";
  for (const std::string& header : headers)
    text += header + "\r\n";
  return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace lookalike::test
