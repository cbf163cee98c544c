#pragma once
#include "core/tabular/json_columns.hpp"
#include "core/tabular/json_scanner.hpp"
#include "core/tabular/row_reader.hpp"
#include "core/tabular/text_input.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::tabular {

/// Reads JSON Lines: one object a line, blank lines skipped. The first object names the columns (see JsonColumns).
/// Strings are taken as they are, numbers, true and false as they are written, null as an empty cell, arrays and
/// objects as JSON without white space.
class JsonlReader final : public RowReader {
public:
  /// See open_rows.
  explicit JsonlReader(ByteSource& source, const ReadOptions& options, ProblemSink* problems = nullptr);

  const std::vector<std::string>& columns() const override { return columns_.names(); }
  bool next(Row& row) override;
  const std::vector<std::string>& notes() const override { return input_.notes(); }

private:
  bool read_object();
  bool find_line();
  bool scan_line();
  std::size_t offset_of(const char* at) const { return static_cast<std::size_t>(at - line_.data()); }
  std::string hint() const;

  TextInput input_;
  JsonScanner scanner_;
  JsonColumns columns_;
  std::string_view line_;         // at the start of the window
  std::size_t line_size_ = 0;     // with its line end
  const char* object_ = nullptr;  // where its object starts
  std::uint64_t number_ = 0;
  bool is_header_row_ = false;  // the object in the scanner is the first, not handed out yet
  bool is_over_ = false;
};

}  // namespace lumi::tabular
