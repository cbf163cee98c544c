#include "core/tabular/csv_reader.hpp"

#include "base/text.hpp"
#include "core/tabular/columns.hpp"

#include <algorithm>

namespace lumi::tabular {

namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string cells(std::size_t count) { return std::to_string(count) + (count == 1 ? " cell" : " cells"); }

}  // namespace

CsvReader::CsvReader(ByteSource& source, char delimiter, const ReadOptions& options, ProblemSink* problems)
    : delimiter_(delimiter), input_(source, options, LineEnds::any, problems),
      tokenizer_(delimiter, input_.options().max_cell_bytes) {
  if (input_.is_usable()) {
    read_header();
  } else {
    is_over_ = true;
  }
}

// --- header ---

void CsvReader::read_header() {
  tokenizer_.set_max_cells(input_.options().max_columns);
  if (!read_record()) {
    if (!is_over_) {
      input_.report(0, {.message = "the file is empty", .hint = "the first line names the columns"});
    }
    is_over_ = true;
    return;
  }
  if (record_.cell_count > record_.cells.size()) {
    input_.report(offset_of(record_.begin),
                  {.code = ErrorCode::too_large,
                   .message = "the header has " + cells(record_.cell_count) + ", more than " +
                              std::to_string(input_.options().max_columns)});
    is_over_ = true;
    return;
  }
  for (const auto i : record_.doubled) {
    undouble_quotes(record_.cells[i]);
  }
  auto named = name_columns({record_.cells.begin(), record_.cells.end()});
  for (auto& note : named.notes) {
    input_.add_note(std::move(note));
  }
  columns_ = std::move(named.names);
  if (auto problem = rename_columns(columns_, input_.options().renames)) {
    input_.report(offset_of(record_.begin), std::move(*problem));
  }
  tokenizer_.set_max_cells(columns_.size());
  if (auto hint = other_delimiter_hint(); !hint.empty()) {
    input_.add_note(std::move(hint));
  }
}

std::string CsvReader::other_delimiter_hint() const {
  if (columns_.size() != 1) {
    return "";
  }
  const std::string_view header = columns_.front();
  if (trim(header).empty()) {
    return "the line that should name the columns is blank: take it away";
  }
  if (header.find(';') != std::string_view::npos) {
    return "the header is one column with semicolons in it: save the file with commas between the cells";
  }
  if (delimiter_ == ',' && header.find('\t') != std::string_view::npos) {
    return "the header is one column with tabs in it: if tabs separate the cells, read the file as tsv";
  }
  if (delimiter_ == '\t' && header.find(',') != std::string_view::npos) {
    return "the header is one column with commas in it: if commas separate the cells, read the file as csv";
  }
  return "";
}

// --- rows ---

bool CsvReader::next(Row& row) {
  while (!is_over_ && read_record()) {
    if (record_.cell_count != columns_.size() && !has_filled_short_row()) {
      if (!is_line_of_blanks()) {
        ++number_;
        report_ragged();
      }
      continue;
    }
    for (const auto i : record_.doubled) {
      undouble_quotes(record_.cells[i]);
    }
    row.fields.swap(record_.cells);
    row.number = ++number_;
    row.line = input_.line() + record_.blank_lines;
    return true;
  }
  is_over_ = true;
  return false;
}

bool CsvReader::read_record() {
  while (!is_over_) {
    const auto outcome = scan();
    if (outcome == CsvOutcome::nothing) {
      return false;
    }
    const bool is_text = !input_.window().find_not_text(offset_of(decided_at(outcome)));
    if (is_text && outcome == CsvOutcome::record) {
      return true;
    }
    if (is_text) {
      report_outcome(outcome);
    } else {
      report_not_text(outcome);
    }
    const bool is_header = columns_.empty();
    if (is_header) {
      is_over_ = true;
      return false;
    }
    ++number_;
    resume_after(outcome);
  }
  return false;
}

CsvOutcome CsvReader::scan() {
  drop_record();
  auto& window = input_.window();
  const auto limit = input_.options().max_row_bytes + k_character_margin;
  for (;;) {
    const char* const end = window.begin() + std::min(window.size(), limit);
    if (!is_attached_ || tokenizer_.end() != end) {
      tokenizer_.attach(window.begin(), end, window.is_last() && end == window.end());
    }
    const auto outcome = tokenizer_.next(record_);
    is_attached_ = has_record_ = outcome == CsvOutcome::record;
    if (outcome != CsvOutcome::nothing && outcome != CsvOutcome::incomplete) {
      const auto length = static_cast<std::size_t>(decided_at(outcome) - record_.begin);
      return length > input_.options().max_row_bytes ? CsvOutcome::row_too_large : outcome;
    }
    const bool is_full = window.size() > limit && record_.begin == window.begin();
    input_.drop_lines(offset_of(record_.begin), record_.blank_lines);
    if (outcome == CsvOutcome::nothing) {
      return outcome;
    }
    if (is_full) {
      return CsvOutcome::row_too_large;
    }
    if (window.size() <= limit) {
      window.grow();
    }
  }
}

/// Up to where the file had to be read to know the outcome, so that it does not depend on how much is in memory.
const char* CsvReader::decided_at(CsvOutcome outcome) const {
  switch (outcome) {
  case CsvOutcome::record:
    return record_.end;
  case CsvOutcome::cell_too_large:
    return record_.cell + input_.options().max_cell_bytes + 1;
  case CsvOutcome::row_too_large:
    return record_.begin + input_.options().max_row_bytes;
  default:
    return record_.stopped;
  }
}

void CsvReader::drop_record() {
  if (has_record_) {
    input_.drop_lines(offset_of(record_.end), record_.blank_lines + record_.line_breaks);
    has_record_ = false;
  }
}

// --- problems ---

void CsvReader::report_not_text(CsvOutcome outcome) {
  const auto count = offset_of(decided_at(outcome));
  const char* const at = input_.window().begin() + input_.window().find_not_text(count).value_or(0);
  std::size_t index = 0;
  while (index < record_.cells.size() && record_.cells[index].data() + record_.cells[index].size() < at) {
    ++index;
  }
  input_.report_not_text(count, index < columns_.size() ? std::string_view(columns_[index]) : "");
}

void CsvReader::report_outcome(CsvOutcome outcome) {
  const auto cell = offset_of(record_.cell);
  const bool is_quoted = *record_.cell == '"';
  const auto unclosed_hint =
      is_quoted ? "if it should not be that long, the quote that opens here is never closed" : "";
  switch (outcome) {
  case CsvOutcome::text_after_quote:
    input_.report(offset_of(record_.stopped),
                  {.message = "text after the closing quote of a cell",
                   .hint = "write a quote within a quoted cell twice: \"a \"\"b\"\" c\""});
    break;
  case CsvOutcome::unterminated_quote:
    input_.report(cell,
                  {.message = "the quote that opens here is never closed",
                   .hint = "close it, or write a quote that belongs to the text twice in a quoted cell"});
    break;
  case CsvOutcome::cell_too_large:
    input_.report(cell,
                  {.code = ErrorCode::too_large,
                   .message = "a cell is longer than " + human_size(input_.options().max_cell_bytes),
                   .hint = std::string("the limit is the setting dataset.max_cell_size") + (is_quoted ? ", " : "") +
                           unclosed_hint});
    break;
  default:
    input_.report(offset_of(record_.begin),
                  {.code = ErrorCode::too_large,
                   .message = "a row is longer than " + human_size(input_.options().max_row_bytes),
                   .hint = unclosed_hint});
    break;
  }
}

bool CsvReader::is_line_of_blanks() const {
  return record_.cell_count == 1 && std::all_of(record_.cells[0].begin(), record_.cells[0].end(), is_blank) &&
         *record_.begin != '"';
}

bool CsvReader::has_filled_short_row() {
  if (record_.cell_count > columns_.size() || input_.options().short_rows == ShortRows::refuse || is_line_of_blanks()) {
    return false;
  }
  input_.add_note("line " + std::to_string(input_.line() + record_.blank_lines) + ": row " +
                  std::to_string(number_ + 1) + " has " + cells(record_.cell_count) + ", but the header has " +
                  std::to_string(columns_.size()) + "; the others are taken as empty");
  record_.cells.resize(columns_.size());
  std::fill(
      record_.cells.begin() + static_cast<std::ptrdiff_t>(record_.cell_count), record_.cells.end(), std::string_view());
  return true;
}

void CsvReader::report_ragged() {
  const bool is_short = record_.cell_count < columns_.size();
  auto hint = other_delimiter_hint();
  if (hint.empty()) {
    hint = is_short ? "give every row a cell for each column, if only an empty one"
                    : "put quotes round a cell that holds the delimiter or a line end";
  }
  input_.report(offset_of(record_.begin),
                {.message = "row " + std::to_string(number_) + " has " + cells(record_.cell_count) +
                            ", but the header has " + std::to_string(columns_.size()),
                 .hint = std::move(hint)});
}

// --- going on after a problem ---

void CsvReader::resume_after(CsvOutcome outcome) {
  // A quote without an end swallows what follows: each one may cost another look at the rest of the file.
  constexpr int k_max_rewinds = 16;
  if (has_record_) {
    return;
  }
  switch (outcome) {
  case CsvOutcome::text_after_quote:
    input_.drop_line(offset_of(record_.stopped));
    break;
  case CsvOutcome::unterminated_quote:
    is_over_ = is_over_ || ++rewinds_ > k_max_rewinds;
    input_.drop_line(offset_of(record_.cell));
    break;
  default:
    input_.drop(offset_of(record_.begin));
    skip_record();
    break;
  }
}

/// Drops a record of any length.
void CsvReader::skip_record() {
  bool starts_cell = true;
  bool is_quoted = false;
  bool is_inside = false;
  auto& window = input_.window();
  for (;;) {
    const auto bytes = window.bytes();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const char c = bytes[i];
      if (!is_inside && (c == '\n' || c == '\r')) {
        input_.drop_line(i);
        return;
      }
      if (c == '"' && (starts_cell || is_quoted)) {
        is_quoted = true;
        is_inside = !is_inside;
      }
      starts_cell = !is_inside && c == delimiter_;
      is_quoted = is_quoted && !starts_cell;
    }
    if (window.is_last()) {
      is_over_ = true;
      return;
    }
    // A CR stays, because an LF may follow it.
    input_.drop(bytes.size() - (bytes.ends_with('\r') ? 1 : 0));
    window.grow();
  }
}

}  // namespace lumi::tabular
