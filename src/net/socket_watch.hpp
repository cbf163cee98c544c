#pragma once
#include "base/file.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include <sys/epoll.h>

namespace lumi::net {

/// What is asked about a socket, or known of it.
struct Readiness {
  bool readable = false;
  bool writable = false;
  bool operator==(const Readiness&) const = default;
};

/// A socket that is ready.
struct SocketEvent {
  int socket = -1;
  Readiness ready;
};

/// Waits for many sockets at once. A socket that it was told of by `opened` stays with the kernel when nothing is asked
/// of it for a while: connections that serve one request after the other then need no system call in between.
class SocketWatch {
public:
  SocketWatch();

  /// `socket` is new: what was known of an earlier one with this number is void.
  void opened(int socket);

  /// `socket` is about to be closed.
  void closed(int socket);

  /// Asks for `wanted` of `socket` from now on, in place of what was asked before.
  void watch(int socket, Readiness wanted);

  /// Waits until a socket has what is asked of it, `wake` was called, a signal came or `limit` is over. The events are
  /// valid until the next call. Throws Error.
  std::span<const SocketEvent> wait(std::chrono::milliseconds limit);

  /// Ends a `wait` in progress, or the next one. Any thread, and a signal handler, may call this.
  void wake();

  /// Whether the last `wait` was ended by `wake`.
  bool was_woken() const { return was_woken_; }

private:
  struct Known {
    std::uint32_t wanted = 0;
    std::uint32_t registered = 0;  // what the kernel was told
    bool is_own = false;
  };

  Known& known(int socket);
  void tell_kernel(int socket, Known& of, std::uint32_t events);
  void note(const epoll_event& event);

  UniqueFd epoll_;
  UniqueFd wake_up_;
  std::vector<Known> known_;  // by socket number
  std::array<epoll_event, 128> kernel_events_{};
  std::vector<SocketEvent> events_;
  bool was_woken_ = false;
};

}  // namespace lumi::net
