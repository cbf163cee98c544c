#pragma once
#include "core/tabular/json_columns.hpp"
#include "core/tabular/json_scanner.hpp"
#include "core/tabular/row_reader.hpp"
#include "core/tabular/text_input.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lumi::tabular {

/// Reads a JSON array of objects, one object at a time; columns and texts are those of JsonlReader.
class JsonArrayReader final : public RowReader {
public:
  /// See open_rows.
  explicit JsonArrayReader(ByteSource& source, const ReadOptions& options, ProblemSink* problems = nullptr);

  const std::vector<std::string>& columns() const override { return columns_.names(); }
  bool next(Row& row) override;
  const std::vector<std::string>& notes() const override { return input_.notes(); }

private:
  void open();
  void close();
  bool read_object();
  bool go_to_object();
  bool scan_object();
  char peek();
  void report_here(std::string message, std::string hint = {});
  void stop_here(std::string message);
  void stop_at(std::size_t at, Problem problem);

  TextInput input_;
  JsonScanner scanner_;
  JsonColumns columns_;
  std::size_t object_size_ = 0;  // of the object at the start of the window
  TextPosition object_end_;
  std::uint64_t number_ = 0;
  bool is_header_row_ = false;  // the object in the scanner is the first, not handed out yet
  bool is_over_ = false;
};

}  // namespace lumi::tabular
