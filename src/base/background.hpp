#pragma once
#include "base/file.hpp"

#include <functional>
#include <vector>

#include <sys/types.h>

namespace lumi {

/// Whether a process in the background goes on when the caller has ended, or is killed then.
enum class Lifetime { of_its_own, of_the_caller };

/// How a process in the background is started.
struct BackgroundStart {
  UniqueFd output;        ///< standard output and error are appended to it
  std::vector<int> kept;  ///< the open files that it keeps; all others are closed in it
  Lifetime lifetime = Lifetime::of_its_own;
};

/// Starts a process in the background that outlives the caller's terminal: in a session of its own, standard input
/// empty. There, calls `begin`, and then `work`, whose result is the exit code; exceptions of `work` must not pass.
/// Returns the process's id when `begin` has returned in it. Throws `failure` if it ended before. Call it while the
/// process has one thread and no open database.
pid_t run_in_background(const BackgroundStart& start,
                        const std::function<void()>& begin,
                        const std::function<int()>& work);

}  // namespace lumi
