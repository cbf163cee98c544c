#pragma once
#include "support/table.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace lumi::test {

/// What must hold of any bytes; the name of the first property that does not, or an empty text.
/// The chunk and the limits vary with `variant`.
inline std::string find_broken_property(std::string_view bytes, tabular::Format format, std::size_t variant) {
  // All in one block.
  tabular::ReadOptions options{.name = "f", .block_bytes = bytes.size() + 1};
  if (variant % 4 == 3) {
    options.max_cell_bytes = 12;
    options.max_row_bytes = 40;
    options.max_columns = 5;
  }
  auto small_blocks = options;
  small_blocks.block_bytes = 1 + variant % 64;
  const auto chunk = 1 + variant / 64 % 64;

  const auto table = read_table(bytes, format, options);
  if (read_table(bytes, format, small_blocks, chunk) != table) {
    return "what is read does not depend on how it comes in";
  }
  const tabular::ValidateOptions validate{.read = options};
  const auto problems = list_problems(bytes, format, validate);
  if (list_problems(bytes, format, {.read = small_blocks}, chunk) != problems) {
    return "problems do not depend on how the bytes come in";
  }
  const bool has_error = problems.starts_with("E ");
  if (!table.error.empty() && !has_error) {
    return "what the reader refuses is a problem for the validator";
  }
  if (!table.error.empty() || table.columns.empty()) {
    return "";
  }
  const auto again = read_table(write_table(table), tabular::Format::csv, {.block_bytes = 64}, chunk);
  if (again.columns != table.columns || again.rows != table.rows) {
    return "what is written reads back";
  }
  return "";
}

}  // namespace lumi::test
