// A Redis server of a test's own, on a port of 127.0.0.1, that keeps nothing on disk. Only where Debian's redis-server
// is installed: a test that needs it is skipped by name elsewhere (SKIP_WITHOUT_REDIS).
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include "tests/support/command_runner.h"

#define SKIP_WITHOUT_REDIS()                     \
  if (!lookalike::test::RedisServer::is_there()) \
  GTEST_SKIP() << "redis-server is not installed (Debian package redis-server)"

namespace lookalike::test {

class RedisServer {
 public:
  static constexpr const char* kProgram = "/usr/bin/redis-server";
  static bool is_there() { return std::filesystem::exists(kProgram); }

  RedisServer() : port_(free_port()) { start(); }
  ~RedisServer() { stop(); }

  int port() const { return port_; }
  std::string address() const { return "redis://127.0.0.1:" + std::to_string(port_); }
  // Returns when it answers.
  void start() {
    process_ = std::make_unique<RunningCommand>(
        std::vector<std::string>{kProgram, "--port", std::to_string(port_), "--bind", "127.0.0.1", "--save", ""},
        CommandOptions{});
    for (int i = 0; i < 500 && !answers(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  // It forgets everything.
  void stop() {
    if (!process_) return;
    process_->signal(SIGKILL);
    (void)process_->wait();
    process_.reset();
  }

 private:
  static sockaddr_in address_of(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<uint16_t>(port));
    return address;
  }
  static int free_port() {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = address_of(0);
    socklen_t size = sizeof address;
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(fd);
    return ntohs(address.sin_port);
  }
  bool answers() const {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = address_of(port_);
    const bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return connected;
  }

  int port_;
  std::unique_ptr<RunningCommand> process_;
};

}  // namespace lookalike::test
