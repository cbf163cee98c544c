// A model server that answers every chat completion with the same text, after a fixed time: what is measured against it
// is the client. One thread, epoll, HTTP/1.1 with kept connections. Usage: stub_server [--latency-ms N] [--port N];
// prints its port, counts on GET /count, ends with SIGTERM.
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <queue>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Time = std::chrono::steady_clock;

constexpr std::string_view k_completion =
    R"({"id":"chatcmpl-1","object":"chat.completion","created":1750000000,"model":"stub","choices":[{"index":0,"message":)"
    R"({"role":"assistant","content":"Two friends agree to meet for lunch on Friday, and one of them brings the keys."},)"
    R"("logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":250,"completion_tokens":18,"total_tokens":268},)"
    R"("system_fingerprint":"fp_stub"})";

std::string response(std::string_view body) {
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}

[[noreturn]] void fail(const std::string& what) { throw std::runtime_error(what + ": error " + std::to_string(errno)); }

/// The size of the first whole request in `bytes`, or 0.
std::size_t request_size(std::string_view bytes) {
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos) {
    return 0;
  }
  std::size_t length = 0;
  for (const std::string_view name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
    const auto at = bytes.substr(0, head_end).find(name);
    if (at != std::string_view::npos) {
      std::from_chars(bytes.data() + at + name.size(), bytes.data() + head_end, length);
    }
  }
  const auto size = head_end + 4 + length;
  return size <= bytes.size() ? size : 0;
}

struct Connection {
  std::uint64_t serial = 0;
  std::string received;
};

struct Due {
  Time::time_point when;
  int socket;
  std::uint64_t serial;
  bool operator<(const Due& other) const { return when > other.when; }
};

struct Options {
  int port = 0;
  int latency_ms = 0;
  int spread_ms = 0;
};

class StubServer {
public:
  explicit StubServer(const Options& options);
  std::uint16_t port() const;
  [[noreturn]] void serve();

private:
  int time_left() const;
  void accept_all();
  void receive(int socket);
  void answer(int socket, std::string_view request);
  void answer_due();
  void drop(int socket);

  int listener_;
  int epoll_;
  Options options_;
  std::unordered_map<int, Connection> connections_;
  std::priority_queue<Due> due_;
  std::minstd_rand random_;
  std::uint64_t last_serial_ = 0;
  std::uint64_t count_ = 0;
  std::string completion_ = response(k_completion);
};

StubServer::StubServer(const Options& options)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)), options_(options) {
  const int yes = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(options.port));
  constexpr int k_backlog = 4096;
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0 ||
      ::listen(listener_, k_backlog) != 0) {
    fail("cannot listen");
  }
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = listener_;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_, &event);
}

std::uint16_t StubServer::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

void StubServer::serve() {
  std::array<epoll_event, 256> events{};
  while (true) {
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), time_left());
    for (int i = 0; i < count; ++i) {
      const int socket = events[static_cast<std::size_t>(i)].data.fd;
      if (socket == listener_) {
        accept_all();
      } else {
        receive(socket);
      }
    }
    answer_due();
  }
}

int StubServer::time_left() const {
  if (due_.empty()) {
    return -1;
  }
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(due_.top().when - Time::now());
  return static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
}

void StubServer::accept_all() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      return;
    }
    const int yes = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    connections_[socket] = {++last_serial_, {}};
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
  }
}

void StubServer::receive(int socket) {
  std::array<char, 65536> buffer;
  const auto count = ::recv(socket, buffer.data(), buffer.size(), 0);
  if (count <= 0) {
    if (count == 0 || errno != EAGAIN) {
      drop(socket);
    }
    return;
  }
  std::string& received = connections_[socket].received;
  received.append(buffer.data(), static_cast<std::size_t>(count));
  while (const auto size = request_size(received)) {
    answer(socket, std::string_view(received).substr(0, size));
    received.erase(0, size);
  }
}

void StubServer::answer(int socket, std::string_view request) {
  if (request.starts_with("GET /count ")) {
    const auto text = response(std::to_string(count_));
    ::send(socket, text.data(), text.size(), MSG_NOSIGNAL);
  } else if (request.starts_with("GET ")) {
    static const auto models =
        response(R"({"object":"list","data":[{"id":"stub","object":"model","owned_by":"bench"}]})");
    ::send(socket, models.data(), models.size(), MSG_NOSIGNAL);
  } else {
    ++count_;
    if (options_.latency_ms + options_.spread_ms > 0) {
      const auto spread_us = std::uniform_int_distribution(0, options_.spread_ms * 1000)(random_);
      const auto wait = std::chrono::milliseconds(options_.latency_ms) + std::chrono::microseconds(spread_us);
      due_.push({Time::now() + wait, socket, connections_[socket].serial});
    } else {
      ::send(socket, completion_.data(), completion_.size(), MSG_NOSIGNAL);
    }
  }
}

void StubServer::answer_due() {
  while (!due_.empty() && due_.top().when <= Time::now()) {
    const Due due = due_.top();
    due_.pop();
    const auto found = connections_.find(due.socket);
    if (found != connections_.end() && found->second.serial == due.serial) {
      ::send(due.socket, completion_.data(), completion_.size(), MSG_NOSIGNAL);
    }
  }
}

void StubServer::drop(int socket) {
  connections_.erase(socket);
  ::close(socket);
}

int number(std::string_view text) {
  int value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) {
    throw std::runtime_error("not a number: " + std::string(text));
  }
  return value;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options options;
    for (int i = 1; i + 1 < argc; i += 2) {
      const std::string_view name = argv[i];
      int* value = name == "--port"         ? &options.port
                   : name == "--latency-ms" ? &options.latency_ms
                   : name == "--spread-ms"  ? &options.spread_ms
                                            : nullptr;
      if (value == nullptr) {
        throw std::runtime_error("unknown option " + std::string(name));
      }
      *value = number(argv[i + 1]);
    }
    StubServer server(options);
    std::cout << server.port() << std::endl;
    server.serve();
  } catch (const std::exception& error) {
    std::cerr << "stub_server: " << error.what() << '\n';
    return EXIT_FAILURE;
  }
}
