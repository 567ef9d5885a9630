// A TCP server on 127.0.0.1 that speaks whatever a test's function writes: for the faults that a proper HTTP server
// cannot show, such as resets, hangs, trickles and garbage.
// Threads: the function runs on a thread for each connection; the destructor cuts all connections and waits for them.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace lookalike::test {

// One accepted connection; closed when the function returns.
class RawConnection {
 public:
  RawConnection(int socket, const std::atomic<bool>& stopping) : socket_(socket), stopping_(stopping) {}
  ~RawConnection();
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;

  // The head of a request up to its empty line; empty when the peer closed before one was complete.
  std::string read_request();
  // Whatever has come, after a wait for it; empty when the peer is gone.
  std::string receive();
  // False when the peer is gone.
  bool send(std::string_view bytes);
  // Says nothing more until the peer closes or the server is stopped.
  void hang();
  // False when the server was stopped meanwhile.
  bool pause(std::chrono::milliseconds time) const;
  // Closes with a TCP reset instead of an orderly end.
  void reset();
  // Wakes whatever the connection's thread waits for.
  void cut();

 private:
  int socket_;
  const std::atomic<bool>& stopping_;
};

class RawServer {
 public:
  using Handler = std::function<void(RawConnection&)>;

  explicit RawServer(Handler handler);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  int port() const { return port_; }
  // "http://127.0.0.1:PORT" + path. REQUIRES: path starts with '/'
  std::string url(const std::string& path) const;
  int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(int socket);

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<std::shared_ptr<RawConnection>> open_;  // guarded by mutex_
  std::vector<std::thread> workers_;                  // guarded by mutex_
  std::thread acceptor_;
};

// A port of 127.0.0.1 at which nobody listens (any more).
int unused_port();

}  // namespace lookalike::test
