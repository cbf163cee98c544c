#include "net/socket_watch.hpp"

#include "base/error.hpp"

#include <climits>

#include <algorithm>
#include <cerrno>

#include <sys/eventfd.h>
#include <unistd.h>

namespace lumi::net {

SocketWatch::SocketWatch()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)), wake_up_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = wake_up_.get();
  if (!epoll_.is_open() || !wake_up_.is_open() ||
      ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, wake_up_.get(), &event) != 0) {
    throw system_error(errno, "cannot wait for the network");
  }
}

SocketWatch::Known& SocketWatch::known(int socket) {
  const auto index = static_cast<std::size_t>(socket);
  if (index >= known_.size()) {
    known_.resize(index + 1);
  }
  return known_[index];
}

void SocketWatch::opened(int socket) { known(socket) = {0, 0, true}; }

void SocketWatch::closed(int socket) { known(socket) = {}; }

void SocketWatch::watch(int socket, Readiness wanted) {
  Known& of = known(socket);
  of.wanted = (wanted.readable ? EPOLLIN : 0U) | (wanted.writable ? EPOLLOUT : 0U);
  // A socket that somebody else may close without a word must not be left with the kernel: its number comes back.
  if (of.wanted != of.registered && (of.wanted != 0 || !of.is_own)) {
    tell_kernel(socket, of, of.wanted);
  }
}

void SocketWatch::tell_kernel(int socket, Known& of, std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  if (events == 0) {
    ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr);
  } else if (::epoll_ctl(epoll_.get(), of.registered == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) != 0) {
    const int again = errno == EEXIST ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    ::epoll_ctl(epoll_.get(), again, socket, &event);
  }
  of.registered = events;
}

std::span<const SocketEvent> SocketWatch::wait(std::chrono::milliseconds limit) {
  events_.clear();
  was_woken_ = false;
  const auto timeout = std::clamp<std::chrono::milliseconds::rep>(limit.count(), 0, INT_MAX);
  const int count = ::epoll_wait(
      epoll_.get(), kernel_events_.data(), static_cast<int>(kernel_events_.size()), static_cast<int>(timeout));
  if (count < 0 && errno != EINTR) {
    throw system_error(errno, "cannot wait for the network");
  }
  for (int i = 0; i < count; ++i) {
    note(kernel_events_[static_cast<std::size_t>(i)]);
  }
  return events_;
}

void SocketWatch::note(const epoll_event& event) {
  const int socket = event.data.fd;
  if (socket == wake_up_.get()) {
    std::uint64_t times = 0;
    was_woken_ = ::read(wake_up_.get(), &times, sizeof(times)) == sizeof(times);
    return;
  }
  Known& of = known(socket);
  if (of.wanted == 0) {
    // An idle connection that its server closes would report that for ever.
    tell_kernel(socket, of, 0);
    return;
  }
  const bool failed = (event.events & (EPOLLERR | EPOLLHUP)) != 0;
  const auto has = [&](std::uint32_t what) {
    return (of.wanted & what) != 0 && (failed || (event.events & what) != 0);
  };
  events_.push_back({socket, {has(EPOLLIN), has(EPOLLOUT)}});
}

void SocketWatch::wake() {
  const std::uint64_t once = 1;
  // It fails only when it has been called 2^64 times already: then the wait ends anyway.
  [[maybe_unused]] const auto written = ::write(wake_up_.get(), &once, sizeof(once));
}

}  // namespace lumi::net
