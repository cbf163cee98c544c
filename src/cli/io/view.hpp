#pragma once
#include "base/clock.hpp"
#include "cli/io/streams.hpp"
#include "cli/io/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

/// A column of what is shown.
struct Column {
  std::string_view name;
  std::string_view header;
  Show show = Show::column;
};

/// Rows of values under columns, whatever they were made from.
struct Grid {
  std::vector<Column> columns;
  std::vector<std::vector<Value>> rows;
};

/// Whether tab-separated text starts with a line of column names.
enum class HeaderLine { no, yes };

/// Whether JSON has members that are null.
enum class Nulls { shown, left_out };

/// How data is shown on stdout.
struct ViewSettings {
  std::optional<std::vector<std::string>> json;  ///< the fields asked for; empty: all of them
  HeaderLine header = HeaderLine::no;
  Timestamp now;  ///< what relative times count from
  Nulls nulls = Nulls::shown;
};

/// A listing: an aligned table on a terminal (`nothing` on stderr if there are no rows), tab-separated lines in a pipe,
/// {"total":N,"items":[...]} as JSON.
void show_listing(
    Streams& streams, const ViewSettings& settings, const Grid& grid, std::uint64_t total, std::string_view nothing);

/// One item: "name  value" lines on a terminal, one tab-separated line in a pipe, an object as JSON.
void show_item(Streams& streams, const ViewSettings& settings, const Grid& grid);

/// One JSON object a line, for streams.
void show_json_lines(Streams& streams, const ViewSettings& settings, const Grid& grid);

/// The rows as a JSON array of objects with all fields.
std::string json_array(const Grid& grid);

/// An aligned table of texts; the first row is the header. Cells may hold styled text. The last column is cut to fit.
std::string aligned_table(const std::vector<std::vector<std::string>>& rows, int width);

/// A cell for people (relative time, human size) and for programs (RFC 3339, bytes, escaped tabs and line ends).
std::string cell_for_people(const Value& value, Timestamp now);
std::string cell_for_programs(const Value& value);

template <class T, class Fields>
Grid grid_of(const Fields& fields, const std::vector<T>& items) {
  Grid grid;
  for (const auto& field : fields) {
    grid.columns.push_back({field.name, field.header, field.show});
  }
  for (const auto& item : items) {
    auto& row = grid.rows.emplace_back();
    for (const auto& field : fields) {
      row.push_back(field.get(item));
    }
  }
  return grid;
}

}  // namespace lumi::cli
