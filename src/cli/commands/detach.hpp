#pragma once
#include "base/background.hpp"
#include "cli/exit_code.hpp"
#include "store/job_lock.hpp"

#include <functional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// How a process that nobody sees is started.
struct UnseenProcess {
  Lifetime lifetime = Lifetime::of_its_own;
  std::vector<int> kept = {};  ///< open files that it keeps beside the lock
};

/// Hands the job or workflow `id`, whose lock this process holds, to a process of its own that outlives the terminal,
/// and does `work` there; what that writes goes to the log in jobs/<id>. Services of the context that were asked for
/// before are gone afterwards.
void detach(Context& context, const std::string& id, const store::JobLock& lock, const std::function<ExitCode()>& work);

/// The same with a process as `process` says, whose id is returned.
pid_t start_unseen(Context& context,
                   const std::string& id,
                   const store::JobLock& lock,
                   const UnseenProcess& process,
                   const std::function<ExitCode()>& work);

}  // namespace lumi::cli
