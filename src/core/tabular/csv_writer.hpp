#pragma once
#include "base/byte_stream.hpp"

#include <span>
#include <string>
#include <string_view>

namespace lumi::tabular {

/// Whether cells that spreadsheets would run as formulas (starting with = + - @ tab CR) get a leading apostrophe.
enum class ExcelSafe { no, yes };

/// Writes RFC 4180 with LF line ends, quoting only where needed: `,` `"` LF CR inside, or a single-column empty row.
class CsvWriter {
public:
  explicit CsvWriter(ByteSink& sink, ExcelSafe excel_safe = ExcelSafe::no) : sink_(sink), excel_safe_(excel_safe) {}

  /// Writes one record.
  void write(std::span<const std::string_view> fields);

private:
  ByteSink& sink_;
  ExcelSafe excel_safe_;
  std::string record_;
};

}  // namespace lumi::tabular
