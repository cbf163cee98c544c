#pragma once
#include "base/error.hpp"
#include "core/tabular/csv_writer.hpp"
#include "core/tabular/row_reader.hpp"
#include "core/tabular/validate.hpp"
#include "support/chunked_source.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::test {

/// Everything that a reader said about a text.
struct Table {
  std::vector<std::string> columns = {};
  std::vector<std::vector<std::string>> rows = {};
  std::vector<std::uint64_t> numbers = {};
  std::vector<std::uint64_t> lines = {};
  std::vector<std::string> notes = {};
  std::string error = {};
  std::string hint = {};
  ErrorCode code = ErrorCode::failure;

  bool operator==(const Table&) const = default;
};

/// Reads `text` to its end or to the first error.
inline Table read_table(std::string_view text,
                        tabular::Format format,
                        const tabular::ReadOptions& options = {},
                        std::size_t chunk = SIZE_MAX) {
  Table table;
  ChunkedSource source(text, chunk);
  try {
    const auto reader = tabular::open_rows(source, format, options);
    table.columns = reader->columns();
    table.notes = reader->notes();
    for (tabular::Row row; reader->next(row);) {
      table.rows.emplace_back(row.fields.begin(), row.fields.end());
      table.numbers.push_back(row.number);
      table.lines.push_back(row.line);
    }
  } catch (const Error& error) {
    table.error = error.what();
    table.hint = error.hint();
    table.code = error.code();
  }
  return table;
}

/// The problems of `text`, each as a line "severity line:column [field] message".
inline std::string list_problems(std::string_view text,
                                 tabular::Format format,
                                 const tabular::ValidateOptions& options = {},
                                 std::size_t chunk = SIZE_MAX) {
  constexpr std::string_view k_severities = "EWN";
  ChunkedSource source(text, chunk);
  std::string list;
  for (const auto& problem : tabular::validate_rows(source, format, options).problems) {
    list += std::string(1, k_severities[static_cast<std::size_t>(problem.severity)]) + ' ' +
            std::to_string(problem.line) + ':' + std::to_string(problem.column) + " [" + problem.field + "] " +
            problem.message + '\n';
  }
  return list;
}

/// `table` as CsvWriter writes it.
inline std::string write_table(const Table& table, tabular::ExcelSafe excel_safe = tabular::ExcelSafe::no) {
  TextSink sink;
  tabular::CsvWriter writer(sink, excel_safe);
  const auto write = [&](const std::vector<std::string>& cells) {
    writer.write(std::vector<std::string_view>(cells.begin(), cells.end()));
  };
  write(table.columns);
  for (const auto& row : table.rows) {
    write(row);
  }
  return sink.text();
}

}  // namespace lumi::test
