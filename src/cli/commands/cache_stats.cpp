#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "store/home.hpp"
#include "store/response_cache.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct CacheStatsOptions {};

/// The cache and where it is.
struct CacheAnswer {
  std::string folder;
  store::CacheStatistics statistics;
};

constexpr std::array<Field<CacheAnswer>, 5> k_cache_fields{{
    {"entries",
     "ANSWERS",
     Show::column,
     [](const CacheAnswer& answer) { return Value(static_cast<std::int64_t>(answer.statistics.entries)); }},
    {"size",
     "SIZE",
     Show::column,
     [](const CacheAnswer& answer) { return Value(Bytes{answer.statistics.size_bytes}); }},
    {"oldest",
     "OLDEST",
     Show::column,
     [](const CacheAnswer& answer) { return value_or_null(answer.statistics.oldest); }},
    {"newest",
     "NEWEST",
     Show::column,
     [](const CacheAnswer& answer) { return value_or_null(answer.statistics.newest); }},
    {"folder", "FOLDER", Show::column, [](const CacheAnswer& answer) { return Value(answer.folder); }},
}};

void bind(OptionSet& /*set*/, CacheStatsOptions& /*options*/) {}

ExitCode run(const CacheStatsOptions& /*options*/, Context& context) {
  const auto& home = context.home();
  const CacheAnswer answer{store::ResponseCache::folder(home).string(), store::ResponseCache::statistics(home)};
  show_item(context.streams(), context.view(), grid_of(k_cache_fields, std::vector{answer}));
  return ExitCode::done;
}

}  // namespace

Command cache_stats_command() {
  return command<CacheStatsOptions>(
      {.path = "cache stats",
       .summary = "Show how many answers of models are kept for the next time",
       .description =
           "Answers are taken from the cache where everything that shapes them is the same: endpoint, model, "
           "messages and parameters. Without --cache that is done where temperature is 0.",
       .examples = {{"as JSON", "lumi cache stats --json"}},
       .json_fields = names_of(k_cache_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
