#include "core/tabular/validate.hpp"

#include "base/text.hpp"
#include "core/tabular/columns.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <utility>

namespace lumi::tabular {

namespace {

// --- lists of rows ---

/// Row numbers for a message: the first ten and how many more.
class RowList {
public:
  void add(std::uint64_t number) {
    constexpr std::size_t k_shown = 10;
    if (count_++ < k_shown) {
      shown_.push_back(std::to_string(number));
    }
  }

  std::uint64_t count() const { return count_; }

  /// "row 3", "rows 3, 4 and 12 more".
  std::string text() const {
    const auto more = count_ - shown_.size();
    return (count_ == 1 ? "row " : "rows ") + join(shown_, ", ") +
           (more > 0 ? " and " + std::to_string(more) + " more" : "");
  }

private:
  std::vector<std::string> shown_;
  std::uint64_t count_ = 0;
};

// --- blank cells ---

/// Watches some columns for cells that are empty or hold only white space.
class BlankCells {
public:
  void watch(const std::vector<std::string>& columns, const std::vector<std::string>& wanted) {
    for (const auto& name : wanted) {
      const auto found = std::find(columns.begin(), columns.end(), name);
      if (found != columns.end()) {
        watched_.push_back({static_cast<std::size_t>(found - columns.begin()), name, 0, {}});
      }
    }
  }

  void look_at(const Row& row) {
    for (auto& column : watched_) {
      if (trim(row.fields[column.index]).empty()) {
        column.first_line = column.blank.count() == 0 ? row.line : column.first_line;
        column.blank.add(row.number);
      }
    }
  }

  void report_to(ProblemSink& problems, std::uint64_t rows) const {
    for (const auto& column : watched_) {
      if (column.blank.count() > 0) {
        problems.report({.severity = Severity::warning,
                         .line = column.first_line,
                         .field = column.name,
                         .message = quote_short(column.name) + " is blank in " + std::to_string(column.blank.count()) +
                                    " of " + std::to_string(rows) + " rows: " + column.blank.text()});
      }
    }
  }

private:
  struct Column {
    std::size_t index;
    std::string name;
    std::uint64_t first_line;
    RowList blank;
  };
  std::vector<Column> watched_;
};

// --- repeated rows ---

/// Finds rows with the same texts by their hashes, in 16 bytes a row.
class RepeatedRows {
public:
  void look_at(const Row& row) {
    constexpr std::size_t k_most = 1'000'000;
    if (seen_.size() == k_most) {
      is_full_ = true;
      return;
    }
    std::uint64_t hash = 0;
    for (const auto field : row.fields) {
      hash = (hash ^ std::hash<std::string_view>()(field)) * 0x9E3779B97F4A7C15U + field.size();
    }
    seen_.push_back({hash, narrow(row.number), narrow(row.line)});
  }

  void report_to(ProblemSink& problems) {
    std::sort(seen_.begin(), seen_.end(), [](const Seen& a, const Seen& b) {
      return std::pair(a.hash, a.number) < std::pair(b.hash, b.number);
    });
    RowList repeated;
    std::vector<Seen> repeats;
    for (std::size_t i = 1; i < seen_.size(); ++i) {
      if (seen_[i].hash == seen_[i - 1].hash) {
        repeats.push_back(seen_[i]);
      }
    }
    if (repeats.empty()) {
      return;
    }
    std::sort(repeats.begin(), repeats.end(), [](const Seen& a, const Seen& b) { return a.number < b.number; });
    for (const auto& repeat : repeats) {
      repeated.add(repeat.number);
    }
    problems.report(
        {.severity = Severity::note,
         .line = repeats.front().line,
         .message = std::to_string(repeats.size()) +
                    (repeats.size() == 1 ? " row repeats an earlier one: " : " rows repeat earlier ones: ") +
                    repeated.text() + (is_full_ ? " (of the first million)" : "")});
  }

private:
  struct Seen {
    std::uint64_t hash;
    std::uint32_t number;
    std::uint32_t line;
  };

  // The million rows that are looked at have small numbers, if their cells are not full of line ends.
  static std::uint32_t narrow(std::uint64_t number) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(number, UINT32_MAX));
  }

  std::vector<Seen> seen_;
  bool is_full_ = false;
};

}  // namespace

Validation validate_rows(ByteSource& source, Format format, const ValidateOptions& options) {
  CollectingSink problems(options.limit);
  Validation validation;
  const auto reader = open_rows(source, format, options.read, &problems);
  validation.columns = reader->columns();
  const bool has_columns = !validation.columns.empty();
  BlankCells blank_cells;
  blank_cells.watch(validation.columns, options.required);
  blank_cells.watch(validation.columns, options.expected_full);
  RepeatedRows repeated_rows;
  for (Row row; reader->next(row); ++validation.rows) {
    blank_cells.look_at(row);
    repeated_rows.look_at(row);
  }
  if (auto missing = find_missing_columns(validation.columns, options.required); missing && has_columns) {
    problems.report(std::move(*missing));
  }
  if (validation.rows == 0 && problems.count(Severity::error) == 0) {
    problems.report({.message = "there are no rows below the header"});
  }
  blank_cells.report_to(problems, validation.rows);
  repeated_rows.report_to(problems);
  for (const auto& note : reader->notes()) {
    problems.report({.severity = Severity::note, .message = note});
  }
  validation.problems = problems.problems();
  validation.errors = problems.count(Severity::error);
  validation.warnings = problems.count(Severity::warning);
  validation.notes = problems.count(Severity::note);
  return validation;
}

}  // namespace lumi::tabular
