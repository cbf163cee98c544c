#include "net/socket_watch.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>

#include <sys/socket.h>
#include <unistd.h>

using lumi::UniqueFd;
using lumi::net::SocketWatch;
using std::chrono::milliseconds;

namespace {

/// Two sockets that are connected with each other.
struct Pair {
  UniqueFd ours;
  UniqueFd theirs;

  Pair() {
    std::array<int, 2> sockets{};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) == 0);
    ours.reset(sockets[0]);
    theirs.reset(sockets[1]);
  }
  void say() const { REQUIRE(::write(theirs.get(), "x", 1) == 1); }
};

/// How many events a wait has that does not wait.
std::size_t events_now(SocketWatch& sockets) { return sockets.wait(milliseconds(0)).size(); }

}  // namespace

TEST_CASE("a socket is told of as long as what is asked holds") {
  SocketWatch sockets;
  const Pair pair;
  sockets.opened(pair.ours.get());
  sockets.watch(pair.ours.get(), {.readable = true});
  CHECK(events_now(sockets) == 0);
  pair.say();
  for (int i = 0; i < 2; ++i) {
    const auto events = sockets.wait(milliseconds(1000));
    REQUIRE(events.size() == 1);
    CHECK(events[0].socket == pair.ours.get());
    CHECK(events[0].ready == lumi::net::Readiness{true, false});
  }
  sockets.watch(pair.ours.get(), {.readable = true, .writable = true});
  const auto both = sockets.wait(milliseconds(1000));
  REQUIRE(both.size() == 1);
  CHECK(both[0].ready == lumi::net::Readiness{true, true});
}

TEST_CASE("a socket of which nothing is asked wakes nobody, and can be asked again") {
  SocketWatch sockets;
  Pair pair;
  sockets.opened(pair.ours.get());
  sockets.watch(pair.ours.get(), {.readable = true});
  sockets.watch(pair.ours.get(), {});
  pair.say();
  CHECK(events_now(sockets) == 0);
  const auto start = std::chrono::steady_clock::now();
  CHECK(sockets.wait(milliseconds(30)).empty());
  CHECK(std::chrono::steady_clock::now() - start >= milliseconds(29));
  sockets.watch(pair.ours.get(), {.readable = true});
  CHECK(events_now(sockets) == 1);
  // The end of the other side is something to read.
  char byte = 0;
  CHECK(::read(pair.ours.get(), &byte, 1) == 1);
  CHECK(events_now(sockets) == 0);
  pair.theirs.reset();
  CHECK(events_now(sockets) == 1);
}

TEST_CASE("the number of a closed socket is that of another one") {
  SocketWatch sockets;
  int number = -1;
  for (const bool is_told : {true, false}) {
    CAPTURE(is_told);
    for (int i = 0; i < 3; ++i) {
      Pair pair;
      CHECK((number < 0 || number == pair.ours.get()));
      number = pair.ours.get();
      if (is_told) {
        sockets.opened(number);
      }
      sockets.watch(number, {.readable = true});
      pair.say();
      CHECK(events_now(sockets) == 1);
      sockets.watch(number, {});
      if (is_told) {
        sockets.closed(number);
      }
    }
  }
}
