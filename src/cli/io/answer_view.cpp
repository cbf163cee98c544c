#include "cli/io/answer_view.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/temporary_file.hpp"
#include "base/text.hpp"
#include "cli/io/reader.hpp"

#include <array>
#include <cstddef>
#include <limits>
#include <memory>
#include <set>

namespace lumi::cli {

namespace {

using store::sql::Answer;

constexpr std::size_t k_rows_at_once = 1000;

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view k_digits = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += k_digits[byte >> 4U];
    text += k_digits[byte & 15U];
  }
  return text;
}

Value to_value(const store::sql::Cell& cell) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    return *number;
  }
  if (const auto* real = std::get_if<double>(&cell)) {
    return *real;
  }
  if (const auto* text = std::get_if<std::string_view>(&cell)) {
    return to_valid_utf8(*text);
  }
  if (const auto* blob = std::get_if<store::sql::Blob>(&cell)) {
    return hexadecimal(blob->bytes);
  }
  return {};
}

Grid grid_for(const Answer& answer) {
  Grid grid;
  for (const auto& name : answer.columns()) {
    grid.columns.push_back({name, name});
  }
  return grid;
}

/// Puts the next rows, `most` at the most, in place of those in `grid`; false if there were none.
bool read_rows(Answer& answer, Grid& grid, std::size_t most) {
  grid.rows.clear();
  while (grid.rows.size() < most && answer.next()) {
    auto& row = grid.rows.emplace_back();
    for (std::size_t i = 0; i < grid.columns.size(); ++i) {
      row.push_back(to_value(answer.cell(i)));
    }
  }
  return !grid.rows.empty();
}

void check_names(const Answer& answer) {
  std::set<std::string> seen;
  for (const auto& name : answer.columns()) {
    if (!seen.insert(name).second) {
      throw Error(ErrorCode::usage, "two columns are called " + quote(name), "give one another name with AS");
    }
  }
}

void stream_lines(Streams& streams, ViewSettings settings, Answer& answer, Grid& grid) {
  bool is_first = true;
  while (has_reader(streams) && (read_rows(answer, grid, k_rows_at_once) || is_first)) {
    show_listing(streams, settings, grid, grid.rows.size(), "");
    settings.header = HeaderLine::no;
    is_first = false;
  }
}

/// How many rows there are comes first but is known last: till then they are in a temporary file.
void stream_json(Streams& streams, Answer& answer, Grid& grid) {
  const auto file = std::make_shared<TemporaryFile>();
  TemporaryFileSink sink(*file);
  std::uint64_t total = 0;
  while (read_rows(answer, grid, k_rows_at_once)) {
    const auto items = json_array(grid);
    sink.write((total == 0 ? "" : ",") + items.substr(1, items.size() - 2));
    total += grid.rows.size();
  }
  streams.out().write("{\"total\":" + std::to_string(total) + ",\"items\":[");
  TemporaryFileSource source(file);
  std::array<char, 64 * 1024> buffer{};
  while (const auto size = source.read(buffer.data(), buffer.size())) {
    streams.out().write({buffer.data(), size});
  }
  streams.out().write("]}\n");
}

}  // namespace

void show_answer(Streams& streams, const ViewSettings& settings, Answer& answer) {
  auto grid = grid_for(answer);
  if (settings.json) {
    check_names(answer);
  }
  if (streams.out_terminal() == Terminal::yes) {
    read_rows(answer, grid, std::numeric_limits<std::size_t>::max());
    show_listing(streams, settings, grid, grid.rows.size(), "no rows");
  } else if (settings.json) {
    stream_json(streams, answer, grid);
  } else {
    stream_lines(streams, settings, answer, grid);
  }
}

}  // namespace lumi::cli
