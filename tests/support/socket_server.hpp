#pragma once
#include "base/file.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace lumi::test {

/// A connection that a SocketServer accepted.
class ServerConnection {
public:
  explicit ServerConnection(int socket) : socket_(socket) {}

  /// The next request, head and body as they came; empty when the client has closed.
  std::string read_request() {
    while (true) {
      if (const auto size = whole_request()) {
        std::string request = received_.substr(0, size);
        received_.erase(0, size);
        return request;
      }
      char buffer[16384];
      const auto count = ::recv(socket_, buffer, sizeof(buffer), 0);
      if (count <= 0) {
        return {};
      }
      received_.append(buffer, static_cast<std::size_t>(count));
    }
  }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) {
        return;
      }
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void respond(int status, std::string_view body, std::string_view head = {}) const {
    write("HTTP/1.1 " + std::to_string(status) + " Fine\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
          std::string(head) + "\r\n" + std::string(body));
  }

  /// Ends the connection with a reset instead of an orderly end.
  void reset_on_close() const {
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  }

  /// Waits until the client has gone or the server is to stop.
  void wait_for_end() {
    while (!read_request().empty()) {
    }
  }

private:
  std::size_t whole_request() const {
    const auto end = received_.find("\r\n\r\n");
    if (end == std::string::npos) {
      return 0;
    }
    std::size_t length = 0;
    const auto at = received_.find("\r\nContent-Length: ");
    if (at < end) {
      length = std::stoul(received_.substr(at + 18));
    }
    return end + 4 + length <= received_.size() ? end + 4 + length : 0;
  }

  int socket_;
  std::string received_;
};

/// A server on a port of 127.0.0.1 that gives every connection to `serve`, each on a thread of its own, and closes the
/// connection when `serve` returns.
class SocketServer {
public:
  using Serve = std::function<void(ServerConnection&)>;

  explicit SocketServer(Serve serve)
      : serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
        ::listen(listener_.get(), 1000) != 0 ||
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }

  ~SocketServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    accepting_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int socket : sockets_) {
        ::shutdown(socket, SHUT_RDWR);
      }
    }
    for (auto& thread : serving_) {
      thread.join();
    }
  }
  SocketServer(const SocketServer&) = delete;
  SocketServer& operator=(const SocketServer&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(std::string_view path = "/") const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  int connections() const { return connections_; }

private:
  void accept_all() {
    while (true) {
      const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC);
      if (socket < 0) {
        return;
      }
      ++connections_;
      const std::lock_guard lock(mutex_);
      sockets_.push_back(socket);
      serving_.emplace_back([this, socket] {
        ServerConnection connection(socket);
        serve_(connection);
        const std::lock_guard closing(mutex_);
        std::erase(sockets_, socket);
        ::close(socket);
      });
    }
  }

  Serve serve_;
  UniqueFd listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  std::vector<int> sockets_;  // of the connections that are open
  std::vector<std::thread> serving_;
  std::thread accepting_;
};

}  // namespace lumi::test
