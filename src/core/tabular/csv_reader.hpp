#pragma once
#include "core/tabular/csv_tokenizer.hpp"
#include "core/tabular/row_reader.hpp"
#include "core/tabular/text_input.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lumi::tabular {

/// Reads RFC 4180 with `,` or a tab between the cells. Blank lines are skipped, and so are lines of blanks where they
/// cannot be a row; a row with more or fewer cells than the header is a problem, never filled up or cut.
class CsvReader final : public RowReader {
public:
  /// See open_rows.
  CsvReader(ByteSource& source, char delimiter, const ReadOptions& options, ProblemSink* problems = nullptr);

  const std::vector<std::string>& columns() const override { return columns_; }
  bool next(Row& row) override;
  const std::vector<std::string>& notes() const override { return input_.notes(); }

private:
  void read_header();
  std::string other_delimiter_hint() const;
  std::size_t offset_of(const char* at) { return static_cast<std::size_t>(at - input_.window().begin()); }

  bool read_record();
  CsvOutcome scan();
  const char* decided_at(CsvOutcome outcome) const;
  void drop_record();

  void report_not_text(CsvOutcome outcome);
  void report_outcome(CsvOutcome outcome);
  void report_ragged();

  /// Fills a row that ends too soon with empty cells and notes it, if the options want that.
  bool has_filled_short_row();
  bool is_line_of_blanks() const;

  void resume_after(CsvOutcome outcome);
  void skip_record();

  char delimiter_;
  TextInput input_;
  CsvTokenizer tokenizer_;
  CsvRecord record_;
  std::vector<std::string> columns_;
  std::uint64_t number_ = 0;
  bool has_record_ = false;
  bool is_attached_ = false;
  bool is_over_ = false;
  int rewinds_ = 0;
};

}  // namespace lumi::tabular
