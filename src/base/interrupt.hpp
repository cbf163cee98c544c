#pragma once

namespace lumi {

/// Turns SIGINT, SIGTERM and SIGHUP into a flag that work in progress checks; a second signal ends the process at once.
/// What the caller of the program ignores (nohup) stays ignored.
void watch_for_interrupts();

/// The signal that asked the process to stop, or 0.
int pending_interrupt();

/// Throws Error{interrupted} if a signal asked the process to stop.
void throw_if_interrupted();

}  // namespace lumi
