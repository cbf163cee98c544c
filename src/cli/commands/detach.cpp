#include "cli/commands/detach.hpp"

#include "base/background.hpp"
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

void detach(Context& context,
            const std::string& id,
            const store::JobLock& lock,
            const std::function<ExitCode()>& work) {
  auto log = services::JobLog::open(context.home().job_folder(id));
  context.close_store();
  context.streams().flush();
  run_in_background(
      std::move(log),
      lock.descriptor(),
      [&] {
        set_log_format(LogFormat::text);  // from here on it goes to the job's log
        lock.adopt(context.clock());
      },
      [&] { return run_unseen(context, work); });
}

}  // namespace lumi::cli
