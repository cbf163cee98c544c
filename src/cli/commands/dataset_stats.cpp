#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/json_value.hpp"
#include "core/services/dataset.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct DatasetStatsOptions {
  std::string id;
};

struct StatsAnswer {
  std::string id;
  services::DatasetStatistics statistics;
};

void write_lengths(JsonWriter& json, std::string_view name, const services::Lengths& lengths) {
  json.key(name);
  json.begin_object();
  json.member("min", lengths.least);
  json.member("mean", lengths.mean);
  json.member("max", lengths.most);
  json.end_object();
}

Value columns_of(const StatsAnswer& answer) {
  return json_value([&](JsonWriter& json) {
    json.begin_array();
    for (const auto& column : answer.statistics.columns) {
      json.begin_object();
      json.member("name", column.name);
      json.member("blank", column.blank);
      json.member("distinct", column.distinct);
      write_lengths(json, "characters", column.characters);
      write_lengths(json, "words", column.words);
      json.end_object();
    }
    json.end_array();
  });
}

constexpr std::array<Field<StatsAnswer>, 4> k_stats_fields{{
    {"id", "ID", Show::detail, [](const StatsAnswer& answer) { return Value(answer.id); }},
    {"rows",
     "ROWS",
     Show::detail,
     [](const StatsAnswer& answer) { return Value(static_cast<std::int64_t>(answer.statistics.rows)); }},
    {"duplicate_rows",
     "DUPLICATE ROWS",
     Show::detail,
     [](const StatsAnswer& answer) { return Value(static_cast<std::int64_t>(answer.statistics.duplicate_rows)); }},
    {"columns", "COLUMNS", Show::json, columns_of},
}};

/// One line per column, the same for people and programs.
Grid column_grid(const services::DatasetStatistics& statistics) {
  Grid grid;
  for (const auto* name : {"COLUMN", "BLANK", "DISTINCT", "MIN WORDS", "MEAN WORDS", "MAX WORDS", "MAX CHARACTERS"}) {
    grid.columns.push_back({name, name, Show::column});
  }
  for (const auto& column : statistics.columns) {
    grid.rows.push_back({column.name,
                         static_cast<std::int64_t>(column.blank),
                         static_cast<std::int64_t>(column.distinct),
                         static_cast<std::int64_t>(column.words.least),
                         column.words.mean,
                         static_cast<std::int64_t>(column.words.most),
                         static_cast<std::int64_t>(column.characters.most)});
  }
  return grid;
}

void bind(OptionSet& set, DatasetStatsOptions& options) {
  set.positional("ID", options.id, "The dataset, or the first characters of its id").completes(Completes::dataset);
}

ExitCode run(const DatasetStatsOptions& options, Context& context) {
  const auto id = context.datasets().resolve(options.id);
  const StatsAnswer answer{id, context.datasets().statistics(id)};
  if (context.options().json) {
    show_item(context.streams(), context.view(), grid_of(k_stats_fields, std::vector{answer}));
    return ExitCode::done;
  }
  context.streams().message(std::to_string(answer.statistics.rows) + " rows, " +
                            std::to_string(answer.statistics.duplicate_rows) + " of them repeated");
  const auto grid = column_grid(answer.statistics);
  show_listing(context.streams(), context.view(), grid, grid.rows.size(), "no columns");
  return ExitCode::done;
}

}  // namespace

Command dataset_stats_command() {
  return command<DatasetStatsOptions>({.path = "dataset stats",
                                       .summary = "Count rows, blanks, repetitions and lengths of a dataset",
                                       .examples = {{"as JSON", "lumi dataset stats 9f8e7d6c --json"}},
                                       .json_fields = names_of(k_stats_fields)},
                                      bind,
                                      run);
}

}  // namespace lumi::cli
