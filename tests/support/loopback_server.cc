#include "tests/support/loopback_server.h"

#include <chrono>
#include <stdexcept>

namespace lookalike::test {
namespace {

// httplib keeps a thread for each open connection.
constexpr size_t kThreads = 64;

bool set_up(SSL_CTX& context, const TlsIdentity& identity, const TlsVersions& versions) {
  return SSL_CTX_set_cipher_list(&context, "DEFAULT:@SECLEVEL=0") == 1 &&
         SSL_CTX_use_certificate(&context, identity.certificate()) == 1 &&
         SSL_CTX_use_PrivateKey(&context, identity.private_key()) == 1 &&
         SSL_CTX_set_min_proto_version(&context, versions.lowest) == 1 &&
         SSL_CTX_set_max_proto_version(&context, versions.highest) == 1;
}

}  // namespace

LoopbackServer::LoopbackServer(const Routes& routes) : scheme_("http"), server_(std::make_unique<httplib::Server>()) {
  start(routes);
}

LoopbackServer::LoopbackServer(const TlsIdentity& identity, const Routes& routes)
    : LoopbackServer(identity, TlsVersions{}, routes) {}

LoopbackServer::LoopbackServer(const TlsIdentity& identity, const TlsVersions& versions, const Routes& routes)
    : scheme_("https"),
      server_(
          std::make_unique<httplib::SSLServer>([&](SSL_CTX& context) { return set_up(context, identity, versions); })) {
  start(routes);
}

LoopbackServer::~LoopbackServer() {
  server_->stop();
  thread_.join();
}

std::string LoopbackServer::url(const std::string& path) const {
  return scheme_ + "://127.0.0.1:" + std::to_string(port_) + path;
}

void LoopbackServer::start(const Routes& routes) {
  server_->new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server_->set_keep_alive_max_count(1'000'000);
  server_->set_keep_alive_timeout(1);
  server_->set_tcp_nodelay(true);
  routes(*server_);
  port_ = server_->bind_to_any_port("127.0.0.1");
  if (port_ <= 0) throw std::runtime_error("no port on 127.0.0.1 for the test's server");
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  // stop() before the server runs would be lost.
  while (!server_->is_running())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace lookalike::test
