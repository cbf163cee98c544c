#pragma once
#include "cli/exit_code.hpp"
#include "store/job_lock.hpp"

#include <functional>
#include <string>

namespace lumi::cli {

class Context;

/// Hands the job or workflow `id`, whose lock this process holds, to a process of its own that outlives the terminal,
/// and does `work` there; what that writes goes to the log in jobs/<id>. Services of the context that were asked for
/// before are gone afterwards.
void detach(Context& context, const std::string& id, const store::JobLock& lock, const std::function<ExitCode()>& work);

}  // namespace lumi::cli
