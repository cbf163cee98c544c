#pragma once
#include "base/byte_stream.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace lumi::tabular {

/// Whether cells that spreadsheets would run as formulas (starting with = + - @ tab CR) get a leading apostrophe.
enum class ExcelSafe { no, yes };

/// Writes RFC 4180 with LF line ends, quoting only where needed: `,` `"` LF CR inside, a byte order mark in front, or a
/// single-column empty row.
class CsvWriter {
public:
  explicit CsvWriter(ByteSink& sink, ExcelSafe excel_safe = ExcelSafe::no);

  /// Writes one record.
  void write(std::span<const std::string_view> fields);

private:
  char* append(char* out, std::string_view field);
  char* append_long(char* out, std::string_view guard, std::string_view field);
  char* next_piece();
  std::size_t size_to(const char* end) const { return static_cast<std::size_t>(end - record_.data()); }

  ByteSink& sink_;
  ExcelSafe excel_safe_;
  std::string record_;    // a buffer of fixed size
  std::size_t size_ = 0;  // how much of it is still to be written
};

}  // namespace lumi::tabular
