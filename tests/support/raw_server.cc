#include "tests/support/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace lookalike::test {
namespace {

sockaddr_in loopback_address() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int bound_socket() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback_address();
  if (socket < 0 || bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("no port on 127.0.0.1 for the test's server");
  }
  return socket;
}

int port_of(int socket) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

}  // namespace

RawConnection::~RawConnection() {
  close(socket_);
}

std::string RawConnection::read_request() {
  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    char byte;
    if (recv(socket_, &byte, 1, 0) != 1) return {};
    head += byte;
  }
  return head;
}

std::string RawConnection::receive() {
  char buffer[16 << 10];
  const ssize_t got = recv(socket_, buffer, sizeof buffer, 0);
  return got > 0 ? std::string(buffer, static_cast<size_t>(got)) : std::string();
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

void RawConnection::hang() {
  char buffer[4096];
  while (!stopping_ && recv(socket_, buffer, sizeof buffer, 0) > 0) {
  }
}

bool RawConnection::pause(std::chrono::milliseconds time) const {
  const auto end = std::chrono::steady_clock::now() + time;
  while (!stopping_ && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return !stopping_;
}

void RawConnection::reset() {
  // With linger at zero the close that follows sends RST; the socket itself is closed by the destructor.
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void RawConnection::cut() {
  shutdown(socket_, SHUT_RDWR);
}

RawServer::RawServer(Handler handler) : handler_(std::move(handler)), listener_(bound_socket()) {
  if (listen(listener_, 256) != 0) throw std::runtime_error("the test's server cannot listen");
  port_ = port_of(listener_);
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  stopping_ = true;
  shutdown(listener_, SHUT_RDWR);  // wakes accept()
  acceptor_.join();
  close(listener_);
  {
    const std::lock_guard lock(mutex_);
    for (const auto& connection : open_)
      connection->cut();
  }
  for (std::thread& worker : workers_)
    worker.join();
}

std::string RawServer::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void RawServer::accept_all() {
  while (!stopping_) {
    const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket >= 0) serve(socket);
  }
}

void RawServer::serve(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ++connections_;
  auto connection = std::make_shared<RawConnection>(socket, stopping_);
  const std::lock_guard lock(mutex_);
  open_.push_back(connection);
  workers_.emplace_back([this, connection = std::move(connection)]() mutable {
    handler_(*connection);
    const std::lock_guard done(mutex_);
    std::erase(open_, connection);
    connection.reset();  // the last owner: closes the socket
  });
}

int unused_port() {
  const int socket = bound_socket();
  const int port = port_of(socket);
  close(socket);
  return port;
}

}  // namespace lookalike::test
