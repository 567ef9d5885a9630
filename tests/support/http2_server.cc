#include "tests/support/http2_server.h"

#include <nghttp2/nghttp2.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace lookalike::test {
namespace {

constexpr size_t kBlock = 16 << 10;

int choose_h2(SSL*, const unsigned char** chosen, unsigned char* chosen_length, const unsigned char* offered,
              unsigned int length, void*) {
  static constexpr unsigned char kH2[] = {2, 'h', '2'};
  unsigned char* found = nullptr;  // points into kH2
  if (SSL_select_next_proto(&found, chosen_length, kH2, sizeof kH2, offered, length) != OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

// TLS over bytes that others carry.
class TlsChannel {
 public:
  TlsChannel(SSL_CTX* context, RawConnection& connection) : connection_(connection), ssl_(SSL_new(context)) {
    SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(ssl_.get());
  }

  // Waits for the peer; empty when it is gone. What it said may also be a part of the handshake, with nothing to read.
  bool receive(std::string& plain) {
    const std::string cipher = connection_.receive();
    if (cipher.empty()) return false;
    BIO_write(SSL_get_rbio(ssl_.get()), cipher.data(), static_cast<int>(cipher.size()));
    char block[kBlock];
    int got = 0;
    while ((got = SSL_read(ssl_.get(), block, sizeof block)) > 0)
      plain.append(block, static_cast<size_t>(got));
    const bool alive = SSL_get_error(ssl_.get(), got) == SSL_ERROR_WANT_READ;
    return flush() && alive;
  }

  bool send(std::string_view plain) {
    return SSL_write(ssl_.get(), plain.data(), static_cast<int>(plain.size())) > 0 && flush();
  }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  bool flush() {
    char block[kBlock];
    int got = 0;
    while ((got = BIO_read(SSL_get_wbio(ssl_.get()), block, sizeof block)) > 0) {
      if (!connection_.send({block, static_cast<size_t>(got)})) return false;
    }
    return true;
  }

  RawConnection& connection_;
  std::unique_ptr<SSL, Free> ssl_;
};

// One connection: requests are gathered, and answered when there are enough.
class Http2Session {
 public:
  Http2Session(TlsChannel& channel, int together, const Http2Server::Handler& handler, std::atomic<int>& requests)
      : channel_(channel), together_(together), handler_(handler), requests_(requests) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &Http2Session::on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &Http2Session::on_frame);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &Http2Session::on_close);
    nghttp2_session* session = nullptr;
    nghttp2_session_server_new(&session, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    session_.reset(session);
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, nullptr, 0);
  }

  void run() {
    std::string plain;
    while (channel_.receive(plain)) {
      if (!plain.empty() && !take(plain)) return;
      plain.clear();
    }
  }

 private:
  struct Stream {
    std::string path;
    Http2Answer answer;
    size_t sent = 0;
  };
  struct Free {
    void operator()(nghttp2_session* session) const { nghttp2_session_del(session); }
  };

  bool take(const std::string& plain) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(plain.data());
    if (nghttp2_session_mem_recv(session_.get(), bytes, plain.size()) < 0) return false;
    if (waiting_.size() >= static_cast<size_t>(together_)) answer_all();
    const uint8_t* out = nullptr;
    ssize_t size = 0;
    while ((size = nghttp2_session_mem_send(session_.get(), &out)) > 0) {
      if (!channel_.send({reinterpret_cast<const char*>(out), static_cast<size_t>(size)})) return false;
    }
    return size == 0;
  }

  void answer_all() {
    for (const int32_t id : std::exchange(waiting_, {})) {
      Stream& stream = streams_[id];
      stream.answer = handler_(stream.path);
      if (stream.answer.refuse_stream) {
        nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_REFUSED_STREAM);
        continue;
      }
      const std::string status = std::to_string(stream.answer.status);
      nghttp2_nv line = header(":status", status);
      nghttp2_data_provider body{.source = {.ptr = &stream}, .read_callback = &Http2Session::read_body};
      nghttp2_submit_response(session_.get(), id, &line, 1, &body);
    }
  }

  // nghttp2 copies both.
  static nghttp2_nv header(std::string_view name, std::string_view value) {
    const auto bytes = [](std::string_view text) {
      return const_cast<uint8_t*>(reinterpret_cast<const uint8_t*>(text.data()));
    };
    return {bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE};
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const uint8_t* name, size_t name_length,
                       const uint8_t* value, size_t value_length, uint8_t, void* self) {
    if (std::string_view(reinterpret_cast<const char*>(name), name_length) == ":path") {
      static_cast<Http2Session*>(self)->streams_[frame->hd.stream_id].path.assign(reinterpret_cast<const char*>(value),
                                                                                  value_length);
    }
    return 0;
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* self) {
    if (frame->hd.type != NGHTTP2_HEADERS || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    static_cast<Http2Session*>(self)->waiting_.push_back(frame->hd.stream_id);
    ++static_cast<Http2Session*>(self)->requests_;
    return 0;
  }

  static int on_close(nghttp2_session*, int32_t id, uint32_t, void* self) {
    std::erase(static_cast<Http2Session*>(self)->waiting_, id);
    static_cast<Http2Session*>(self)->streams_.erase(id);
    return 0;
  }

  static ssize_t read_body(nghttp2_session*, int32_t, uint8_t* out, size_t room, uint32_t* flags,
                           nghttp2_data_source* source, void*) {
    auto* stream = static_cast<Stream*>(source->ptr);
    const std::string& body = stream->answer.body;
    const size_t whole = body.size() * stream->answer.repeat;
    size_t written = 0;
    while (written < room && stream->sent < whole) {
      const size_t at = stream->sent % body.size();
      const size_t piece = std::min(body.size() - at, room - written);
      std::memcpy(out + written, body.data() + at, piece);
      written += piece;
      stream->sent += piece;
    }
    if (stream->sent == whole) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(written);
  }

  TlsChannel& channel_;
  const int together_;
  const Http2Server::Handler& handler_;
  std::atomic<int>& requests_;
  std::unique_ptr<nghttp2_session, Free> session_;
  std::map<int32_t, Stream> streams_;
  std::vector<int32_t> waiting_;
};

}  // namespace

Http2Server::Http2Server(const TlsIdentity& identity, int together, Handler handler)
    : together_(together),
      handler_(std::move(handler)),
      context_(SSL_CTX_new(TLS_server_method())),
      server_([this](RawConnection& connection) { serve(connection); }) {
  SSL_CTX* context = context_.get();
  if (SSL_CTX_use_certificate(context, identity.certificate()) != 1 ||
      SSL_CTX_use_PrivateKey(context, identity.private_key()) != 1) {
    throw std::runtime_error("the test's HTTP/2 server cannot use its certificate");
  }
  SSL_CTX_set_alpn_select_cb(context, &choose_h2, nullptr);
}

std::string Http2Server::url(const std::string& path) const {
  return "https://127.0.0.1:" + std::to_string(server_.port()) + path;
}

void Http2Server::serve(RawConnection& connection) {
  TlsChannel channel(context_.get(), connection);
  Http2Session session(channel, together_, handler_, requests_);
  session.run();
}

}  // namespace lookalike::test
