#include "base/interrupt.hpp"

#include "base/error.hpp"

#include <csignal>

namespace lumi {

namespace {

volatile std::sig_atomic_t pending_signal = 0;

void on_signal(int signal_number) {
  if (pending_signal != 0) {
    std::signal(signal_number, SIG_DFL);
    std::raise(signal_number);
  }
  pending_signal = signal_number;
}

}  // namespace

void watch_for_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
    sigaction(signal_number, &action, nullptr);
  }
}

int pending_interrupt() { return pending_signal; }

void throw_if_interrupted() {
  if (pending_signal != 0) {
    throw Error(ErrorCode::interrupted, "interrupted");
  }
}

}  // namespace lumi
