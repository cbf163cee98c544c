#include "core/tabular/csv_writer.hpp"

#include "base/byte_block.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace lumi::tabular {

namespace {

// Records and fields of more bytes go to the sink in pieces.
constexpr std::size_t k_piece = 16 * 1024;
// All quotes of a piece doubled, quotes round it, an apostrophe, and a comma or line end.
constexpr std::size_t k_written_piece = 2 * k_piece + 4;
// Readers take it at the start of a file for no part of the text, unless it stands in quotes.

using namespace std::string_view_literals;

bool has_byte_order_mark(std::string_view field) {
  return !field.empty() && field.front() == k_byte_order_mark.front() && field.starts_with(k_byte_order_mark);
}

std::uint32_t special_bits(const char* bytes) {
  const auto block = ByteBlock::load(bytes);
  return (block.equal_to(',') | block.equal_to('"') | block.equal_to('\n') | block.equal_to('\r')).bits();
}

/// Whether one of the `count` bytes asks for quotes; a block behind them can be read.
bool has_special(const char* bytes, std::size_t count) {
  std::size_t i = 0;
  for (; i + ByteBlock::k_size <= count; i += ByteBlock::k_size) {
    if (special_bits(bytes + i) != 0) {
      return true;
    }
  }
  return (special_bits(bytes + i) & ((1U << (count - i)) - 1)) != 0;
}

/// has_special for at least a block of bytes, with nothing known of what is behind them.
bool has_special_in_long(std::string_view field) {
  const auto whole_blocks = field.size() - field.size() % ByteBlock::k_size;
  return has_special(field.data(), whole_blocks - ByteBlock::k_size) ||
         special_bits(field.data() + whole_blocks - ByteBlock::k_size) != 0 ||
         special_bits(field.data() + field.size() - ByteBlock::k_size) != 0;
}

bool is_formula(std::string_view field) {
  return !field.empty() && std::string_view("=+-@\t\r").find(field.front()) != std::string_view::npos;
}

/// Copies `text` to `out` and returns the end. Most cells of tables are too short for a function call.
char* copy(char* out, std::string_view text) {
  const auto size = text.size();
  if (size > 16) {
    std::memcpy(out, text.data(), size);
  } else if (size >= 8) {
    std::memcpy(out, text.data(), 8);
    std::memcpy(out + size - 8, text.data() + size - 8, 8);
  } else if (size >= 4) {
    std::memcpy(out, text.data(), 4);
    std::memcpy(out + size - 4, text.data() + size - 4, 4);
  } else {
    for (std::size_t i = 0; i < size; ++i) {
      out[i] = text[i];
    }
  }
  return out + size;
}

/// Copies `text` with each quote doubled.
char* copy_doubled(char* out, std::string_view text) {
  for (std::size_t quote; (quote = text.find('"')) != std::string_view::npos; text.remove_prefix(quote + 1)) {
    out = copy(out, text.substr(0, quote + 1));
    *out++ = '"';
  }
  return copy(out, text);
}

}  // namespace

CsvWriter::CsvWriter(ByteSink& sink, ExcelSafe excel_safe)
    : sink_(sink), excel_safe_(excel_safe), record_(k_piece + k_written_piece + ByteBlock::k_size, '\0') {}

void CsvWriter::write(std::span<const std::string_view> fields) {
  const bool would_be_blank_line = fields.size() == 1 && fields[0].empty();
  if (would_be_blank_line) {
    sink_.write("\"\"\n");
    return;
  }
  size_ = 0;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    char* out = next_piece();
    if (i > 0) {
      *out++ = ',';
    }
    size_ = size_to(append(out, fields[i]));
  }
  record_[size_++] = '\n';
  sink_.write({record_.data(), size_});
}

inline char* CsvWriter::append(char* out, std::string_view field) {
  const auto guard = excel_safe_ == ExcelSafe::yes && is_formula(field) ? "'"sv : ""sv;
  if (field.size() >= k_piece) {
    return append_long(out, guard, field);
  }
  char* const text = copy(out, guard);
  char* const end = copy(text, field);
  if (!has_special(text, field.size()) && !has_byte_order_mark(field)) {
    return end;
  }
  *out = '"';
  out = copy_doubled(copy(out + 1, guard), field);
  *out = '"';
  return out + 1;
}

char* CsvWriter::append_long(char* out, std::string_view guard, std::string_view field) {
  const bool is_quoted = has_special_in_long(field) || has_byte_order_mark(field);
  out = copy(copy(out, is_quoted ? "\"" : ""), guard);
  while (!field.empty()) {
    const auto piece = field.substr(0, k_piece);
    field.remove_prefix(piece.size());
    out = is_quoted ? copy_doubled(out, piece) : copy(out, piece);
    size_ = size_to(out);
    out = next_piece();
  }
  return copy(out, is_quoted ? "\"" : "");
}

/// Where the next piece is to be written; what is there goes to the sink first if it is long.
inline char* CsvWriter::next_piece() {
  if (size_ >= k_piece) {
    sink_.write({record_.data(), size_});
    size_ = 0;
  }
  return record_.data() + size_;
}

}  // namespace lumi::tabular
