#pragma once
#include "base/file.hpp"

#include <functional>

namespace lumi {

/// Starts a process in the background that outlives the caller's terminal: in a session of its own, standard input
/// empty, standard output and error appended to `output`, no other open file but `kept`. There, calls `begin`, and then
/// `work`, whose result is the exit code; exceptions of `work` must not pass. Returns when `begin` has returned in the
/// new process. Throws `failure` if it ended before. Call it while the process has one thread and no open database.
void run_in_background(UniqueFd output, int kept, const std::function<void()>& begin, const std::function<int()>& work);

}  // namespace lumi
