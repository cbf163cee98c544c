#include "cli/commands/detach.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "cli/context.hpp"
#include "core/services/job_log.hpp"
#include "store/home.hpp"

#include <utility>

namespace lumi::cli {

namespace {

/// Whatever ends the work is in its row and its log, and nobody else is there to tell.
int run_unseen(Context& context, const std::function<ExitCode()>& work) {
  StreamSettings settings;
  settings.verbosity = Verbosity::quiet;
  settings.progress = false;
  context.streams().configure(settings);
  try {
    return static_cast<int>(work());
  } catch (const Error& error) {
    return static_cast<int>(exit_code_of(error.code()));
  }
}

}  // namespace

pid_t start_unseen(Context& context,
                   const std::string& id,
                   const store::JobLock& lock,
                   const UnseenProcess& process,
                   const std::function<ExitCode()>& work) {
  BackgroundStart start{services::JobLog::open(context.home().job_folder(id)), {lock.descriptor()}, process.lifetime};
  start.kept.insert(start.kept.end(), process.kept.begin(), process.kept.end());
  context.close_store();
  context.streams().flush();
  return run_in_background(
      start,
      [&] {
        set_log_format(LogFormat::text);  // from here on it goes to the job's log
        lock.adopt(context.clock());
      },
      [&] { return run_unseen(context, work); });
}

void detach(Context& context,
            const std::string& id,
            const store::JobLock& lock,
            const std::function<ExitCode()>& work) {
  start_unseen(context, id, lock, {}, work);
}

}  // namespace lumi::cli
