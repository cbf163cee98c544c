#include "core/tabular/csv_tokenizer.hpp"

#include "core/tabular/input_window.hpp"

#include <cstring>

namespace lumi::tabular {

namespace {

constexpr char k_quote = '"';

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

}  // namespace

void CsvTokenizer::attach(const char* begin, const char* end, bool is_last) {
  at_ = begin;
  is_last_ = is_last;
  marks_.attach(begin, end);
}

CsvOutcome CsvTokenizer::next(CsvRecord& record) {
  record.cells.clear();
  record.doubled.clear();
  record.cell_count = 0;
  record.blank_lines = 0;
  record.line_breaks = 0;
  outcome_ = CsvOutcome::record;
  if (!skip_blank_lines(record)) {
    record.stopped = at_;
    return is_last_ && at_ == marks_.end() ? CsvOutcome::nothing : CsvOutcome::incomplete;
  }
  record.cell = at_;
  for (;;) {
    const auto after = *record.cell == k_quote && record.cell < marks_.end() ? read_quoted(record) : read_plain(record);
    if (after != After::delimiter) {
      at_ = record.end;
      return outcome_;
    }
  }
}

inline bool CsvTokenizer::skip_blank_lines(CsvRecord& record) {
  const char* const end = marks_.end();
  while (at_ < end && is_line_end(*at_)) {
    const bool is_cr = *at_ == '\r';
    if (is_cr && at_ + 1 == end && !is_last_) {
      break;
    }
    const bool is_pair = is_cr && at_ + 1 < end && at_[1] == '\n';
    for (int i = 0; i < (is_pair ? 2 : 1); ++i) {
      marks_.next();
      ++at_;
    }
    ++record.blank_lines;
  }
  record.begin = at_;
  return at_ < end && !is_line_end(*at_);
}

inline CsvTokenizer::After CsvTokenizer::read_plain(CsvRecord& record) {
  auto marks = marks_;
  const char* mark = marks.next();
  while (mark != marks.end() && *mark == k_quote) {
    mark = marks.next();
  }
  marks_ = marks;
  const auto size = static_cast<std::size_t>(mark - record.cell);
  if (mark == marks.end() && !is_last_) {
    return stop_at_end(record, size);
  }
  if (!keep(record, {record.cell, size}, 0)) {
    return After::trouble;
  }
  return finish_cell(record, mark);
}

inline const char* CsvTokenizer::find_closing_quote(CsvRecord& record, std::size_t& doubled) {
  // A copy of the marks stays in registers.
  auto marks = marks_;
  const char* mark = marks.next();
  for (; mark != marks.end(); mark = marks.next()) {
    if (*mark == k_quote) {
      if (mark + 1 == marks.end() || mark[1] != k_quote) {
        break;
      }
      marks.next();
      ++doubled;
    } else if (*mark == '\r' || (*mark == '\n' && mark[-1] != '\r')) {
      ++record.line_breaks;
    }
  }
  marks_ = marks;
  return mark;
}

inline CsvTokenizer::After CsvTokenizer::read_quoted(CsvRecord& record) {
  marks_.next();
  const char* const text = record.cell + 1;
  std::size_t doubled = 0;
  const char* const closing = find_closing_quote(record, doubled);
  if (closing == marks_.end() || (closing + 1 == marks_.end() && !is_last_)) {
    return stop_at_end(record, static_cast<std::size_t>(closing - text) - doubled);
  }
  if (!keep(record, {text, static_cast<std::size_t>(closing - text)}, doubled)) {
    return After::trouble;
  }
  const char* const after = closing + 1;
  if (after != marks_.end() && *after != delimiter_ && !is_line_end(*after)) {
    return stop(record, CsvOutcome::text_after_quote, after);
  }
  return finish_cell(record, marks_.next());
}

inline CsvTokenizer::After CsvTokenizer::finish_cell(CsvRecord& record, const char* mark) {
  if (mark == marks_.end()) {
    record.end = mark;
    return After::record_end;
  }
  if (*mark == delimiter_) {
    record.cell = mark + 1;
    return After::delimiter;
  }
  record.end = mark + 1;
  if (*mark == '\r') {
    if (record.end == marks_.end() && !is_last_) {
      return stop(record, CsvOutcome::incomplete, mark);
    }
    if (record.end < marks_.end() && *record.end == '\n') {
      marks_.next();
      ++record.end;
    }
  }
  ++record.line_breaks;
  return After::record_end;
}

inline bool CsvTokenizer::keep(CsvRecord& record, std::string_view text, std::size_t doubled) {
  if (text.size() - doubled > max_cell_bytes_) {
    stop(record, CsvOutcome::cell_too_large, text.data() + text.size());
    return false;
  }
  if (record.cell_count < max_cells_) {
    if (doubled > 0) {
      record.doubled.push_back(record.cell_count);
    }
    record.cells.push_back(text);
  }
  ++record.cell_count;
  return true;
}

CsvTokenizer::After CsvTokenizer::stop(CsvRecord& record, CsvOutcome outcome, const char* at) {
  outcome_ = outcome;
  record.stopped = at;
  record.end = at;
  return After::trouble;
}

CsvTokenizer::After CsvTokenizer::stop_at_end(CsvRecord& record, std::size_t cell_size) {
  if (cell_size > max_cell_bytes_ + k_character_margin) {
    return stop(record, CsvOutcome::cell_too_large, marks_.end());
  }
  return stop(record, is_last_ ? CsvOutcome::unterminated_quote : CsvOutcome::incomplete, marks_.end());
}

void undouble_quotes(std::string_view& cell) {
  // The memory is the reader's own window, which it may change.
  char* const begin = const_cast<char*>(cell.data());
  const char* const end = begin + cell.size();
  char* out = begin;
  for (const char* from = begin; from < end;) {
    const auto rest = static_cast<std::size_t>(end - from);
    const auto* const quote = static_cast<const char*>(std::memchr(from, k_quote, rest));
    const auto count = quote == nullptr ? rest : static_cast<std::size_t>(quote - from) + 1;
    std::memmove(out, from, count);
    out += count;
    from += count + (quote == nullptr ? 0 : 1);
  }
  cell = {begin, static_cast<std::size_t>(out - begin)};
}

}  // namespace lumi::tabular
