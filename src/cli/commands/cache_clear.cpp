#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "store/home.hpp"
#include "store/response_cache.hpp"

namespace lumi::cli {

namespace {

struct CacheClearOptions {
  bool dry_run = false;
};

void bind(OptionSet& set, CacheClearOptions& options) {
  set.flag("--dry-run", options.dry_run, "Only say how many answers would go");
}

ExitCode run(const CacheClearOptions& options, Context& context) {
  const auto entries = store::ResponseCache::statistics(context.home()).entries;
  const auto answers = std::to_string(entries) + (entries == 1 ? " answer" : " answers");
  if (options.dry_run) {
    context.streams().message("would remove " + answers);
    return ExitCode::done;
  }
  if (!context.confirm("Remove " + answers + " of models, which cost money or time to get?")) {
    return ExitCode::done;
  }
  store::ResponseCache::clear(context.home());
  context.streams().message("removed " + answers);
  return ExitCode::done;
}

}  // namespace

Command cache_clear_command() {
  return command<CacheClearOptions>(
      {.path = "cache clear",
       .summary = "Forget the answers of models",
       .description = "Results of jobs stay as they are. Asks on a terminal; elsewhere --yes is needed.",
       .examples = {{"how many there are", "lumi cache clear --dry-run"}, {"in a script", "lumi cache clear --yes"}}},
      bind,
      run);
}

}  // namespace lumi::cli
