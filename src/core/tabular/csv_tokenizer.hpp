#pragma once
#include "base/byte_block.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace lumi::tabular {

/// Walks over the bytes that can end a cell: the delimiter, quotes, CR and LF. It looks up to 64 bytes behind the end,
/// which must be zero or belong to the same memory.
class CsvMarks {
public:
  explicit CsvMarks(char delimiter) : delimiter_(delimiter) {}

  /// Starts anew at `begin`.
  void attach(const char* begin, const char* end) {
    block_ = begin;
    end_ = end;
    mask_ = begin < end ? mask_of(begin) : 0;
  }

  const char* end() const { return end_; }

  /// The next such byte, or the end.
  const char* next() {
    while (mask_ == 0) {
      block_ += k_block;
      if (block_ >= end_) {
        block_ = end_;
        return end_;
      }
      mask_ = mask_of(block_);
    }
    const char* const mark = block_ + std::countr_zero(mask_);
    mask_ &= mask_ - 1;
    return mark < end_ ? mark : end_;
  }

private:
  static constexpr std::size_t k_block = 64;

  std::uint64_t mask_of(const char* bytes) const {
    std::uint64_t mask = 0;
    for (std::size_t i = 0; i < k_block; i += ByteBlock::k_size) {
      const auto block = ByteBlock::load(bytes + i);
      const auto marks = block.equal_to(delimiter_) | block.equal_to('"') | block.equal_to('\n') | block.equal_to('\r');
      mask |= static_cast<std::uint64_t>(marks.bits()) << i;
    }
    return mask;
  }

  char delimiter_;
  const char* block_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t mask_ = 0;
};

/// How far a record could be read.
enum class CsvOutcome {
  record,              ///< all of it
  nothing,             ///< there is none: only blank lines, if that, up to the end
  incomplete,          ///< its end is not in memory
  text_after_quote,    ///< something other than a delimiter or a line end follows a closing quote
  unterminated_quote,  ///< the file ends within quotes
  cell_too_large,
  row_too_large,  ///< said by CsvReader only
};

/// One record as it stands in memory.
struct CsvRecord {
  std::vector<std::string_view> cells;  ///< without the quotes round them; doubled quotes are still doubled
  std::vector<std::size_t> doubled;     ///< indices of the cells that hold doubled quotes
  std::size_t cell_count = 0;           ///< counts also the cells beyond the limit, which are not kept
  const char* begin = nullptr;          ///< after the blank lines before it
  const char* end = nullptr;            ///< after its line end
  std::uint64_t blank_lines = 0;        ///< line ends before `begin`
  std::uint64_t line_breaks = 0;        ///< line ends from `begin` to `end`
  const char* cell = nullptr;           ///< where the last cell starts (at its quote, if it has one)
  const char* stopped = nullptr;        ///< where reading stopped for any outcome but `record`
};

/// Cuts records out of memory by RFC 4180, with LF, CR LF and CR as line ends. Quotes within a cell that does not start
/// with one are literal. A record never depends on how much memory there is behind it.
class CsvTokenizer {
public:
  CsvTokenizer(char delimiter, std::size_t max_cell_bytes)
      : delimiter_(delimiter), max_cell_bytes_(max_cell_bytes), marks_(delimiter) {}

  /// Cells beyond this many are counted but not kept.
  void set_max_cells(std::size_t count) { max_cells_ = count; }

  /// Reads from `begin` to `end` next; `is_last` says that nothing follows.
  void attach(const char* begin, const char* end, bool is_last);

  /// The end of the memory it reads.
  const char* end() const { return marks_.end(); }

  /// Reads the next record. After any outcome but `record` it must be attached again.
  CsvOutcome next(CsvRecord& record);

private:
  /// What follows a cell.
  enum class After { delimiter, record_end, trouble };

  bool skip_blank_lines(CsvRecord& record);
  After read_plain(CsvRecord& record);
  After read_quoted(CsvRecord& record);
  const char* find_closing_quote(CsvRecord& record, std::size_t& doubled);
  After finish_cell(CsvRecord& record, const char* mark);
  bool keep(CsvRecord& record, std::string_view text, std::size_t doubled);
  After stop(CsvRecord& record, CsvOutcome outcome, const char* at);
  After stop_at_end(CsvRecord& record, std::size_t cell_size);

  char delimiter_;
  std::size_t max_cell_bytes_;
  std::size_t max_cells_ = SIZE_MAX;
  CsvMarks marks_;
  const char* at_ = nullptr;
  bool is_last_ = false;
  CsvOutcome outcome_ = CsvOutcome::record;
};

/// Makes the doubled quotes of `cell` single in place, and `cell` shorter.
void undouble_quotes(std::string_view& cell);

}  // namespace lumi::tabular
