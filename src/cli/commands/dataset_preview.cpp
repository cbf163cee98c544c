#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/services/dataset.hpp"

#include <algorithm>

namespace lumi::cli {

namespace {

struct DatasetPreviewOptions {
  std::string id;
  std::int64_t rows = 5;
};

void bind(OptionSet& set, DatasetPreviewOptions& options) {
  set.positional("ID", options.id, "The dataset, or the first characters of its id").completes(Completes::dataset);
  set.option("-n,--rows", "N", options.rows, "How many rows");
}

/// A table whose cells are cut so that all columns fit.
void show_cut_table(Streams& streams, const services::Preview& preview) {
  const int columns = static_cast<int>(preview.columns.size());
  const int width = std::max(8, (streams.width() - 2 * (columns - 1)) / std::max(1, columns));
  std::vector<std::vector<std::string>> cells(1);
  for (const auto& name : preview.columns) {
    cells[0].push_back(streams.styled_out(truncated(printable(name), width), Style::bold));
  }
  for (const auto& row : preview.rows) {
    auto& line = cells.emplace_back();
    for (const auto& text : row) {
      line.push_back(truncated(printable(text), width));
    }
  }
  streams.out().write(aligned_table(cells, streams.width()));
}

void show_json_rows(Streams& streams, const services::Preview& preview) {
  JsonWriter json(streams.out());
  json.begin_object();
  json.member("total", preview.total);
  json.key("items");
  json.begin_array();
  for (const auto& row : preview.rows) {
    json.begin_object();
    for (std::size_t i = 0; i < row.size(); ++i) {
      json.member(preview.columns[i], row[i]);
    }
    json.end_object();
  }
  json.end_array();
  json.end_object();
  streams.out().write("\n");
}

ExitCode run(const DatasetPreviewOptions& options, Context& context) {
  const auto rows = static_cast<std::uint64_t>(std::max<std::int64_t>(0, options.rows));
  const auto preview = context.datasets().preview(options.id, rows);
  auto& streams = context.streams();
  if (context.options().json) {
    show_json_rows(streams, preview);
  } else if (streams.out_terminal() == Terminal::yes) {
    show_cut_table(streams, preview);
  } else {
    Grid grid;
    for (const auto& name : preview.columns) {
      grid.columns.push_back({name, name, Show::column});
    }
    for (const auto& row : preview.rows) {
      grid.rows.emplace_back(row.begin(), row.end());
    }
    show_listing(streams, context.view(), grid, preview.total, "no rows");
  }
  return ExitCode::done;
}

}  // namespace

Command dataset_preview_command() {
  return command<DatasetPreviewOptions>({.path = "dataset preview",
                                         .summary = "Show the first rows of a dataset",
                                         .description = "The JSON fields are the columns of the dataset.",
                                         .examples = {{"ten rows", "lumi dataset preview 9f8e7d6c -n 10"}}},
                                        bind,
                                        run);
}

}  // namespace lumi::cli
