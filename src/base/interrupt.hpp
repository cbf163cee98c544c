#pragma once

namespace lumi {

/// Turns SIGINT, SIGTERM and SIGHUP into a flag that work in progress checks; a second signal ends the process at once.
/// What the caller of the program ignores (nohup) stays ignored.
void watch_for_interrupts();

/// The signal that asked the process to stop, or 0, as long as an InterruptHold lives.
int pending_interrupt();

/// Throws Error{interrupted} if a signal asked the process to stop.
void throw_if_interrupted();

/// While it lives, nothing is broken off by the signal that came: for writing down how an interrupted run has ended,
/// which may have to wait for a lock. A second signal still ends the process at once.
class InterruptHold {
public:
  InterruptHold();
  ~InterruptHold();
  InterruptHold(const InterruptHold&) = delete;
  InterruptHold& operator=(const InterruptHold&) = delete;
};

}  // namespace lumi
