#include "base/interrupt.hpp"

#include "base/error.hpp"

#include <atomic>
#include <csignal>

namespace lumi {

namespace {

std::atomic<int> pending_signal = 0;
std::atomic<int> holds = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler may not wait for a lock");

void on_signal(int signal_number) {
  if (pending_signal.exchange(signal_number) != 0) {
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);
  }
}

}  // namespace

void watch_for_interrupts() {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    sigaction(signal_number, nullptr, &action);
    if (action.sa_handler == SIG_IGN) {
      continue;
    }
    // No SA_RESTART: a read that waits must end.
    action = {};
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, nullptr);
  }
}

int pending_interrupt() {
  return holds.load(std::memory_order_relaxed) == 0 ? pending_signal.load(std::memory_order_relaxed) : 0;
}

void throw_if_interrupted() {
  if (pending_interrupt() != 0) {
    throw Error(ErrorCode::interrupted, "interrupted");
  }
}

InterruptHold::InterruptHold() { ++holds; }

InterruptHold::~InterruptHold() { --holds; }

}  // namespace lumi
