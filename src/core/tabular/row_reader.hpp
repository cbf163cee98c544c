#pragma once
#include "base/byte_stream.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::tabular {

/// What a file of rows is written in.
enum class Format { csv, tsv, jsonl, json };

/// One row. The texts are well-formed UTF-8 without NUL, as many as there are columns, and valid until the next row is
/// read.
struct Row {
  std::vector<std::string_view> fields;
  std::uint64_t number = 0;  ///< 1 for the first row of data
  std::uint64_t line = 0;    ///< line of the file on which the row starts, the first being 1
};

/// How strict and how big.
struct ReadOptions {
  std::string name = "<input>";                     ///< the file's name in messages
  std::uint64_t max_cell_bytes = 16 * 1024 * 1024;  ///< a longer cell throws `too_large`
  std::uint64_t max_columns = 100'000;
};

/// Reads rows from front to back in memory that does not grow with the file.
/// Everything wrong with the input throws `invalid_input` (or `too_large`) whose message starts with
/// `name:line:column: ` (column in code points from 1).
class RowReader {
public:
  virtual ~RowReader() = default;

  /// The column names: unique and not empty (a second `a` is called `a.1`, a nameless third column `Unnamed: 2`).
  virtual const std::vector<std::string>& columns() const = 0;

  /// Reads the next row into `row`; false at the end.
  virtual bool next(Row& row) = 0;

  /// What was mended on the way (renamed columns, a dropped byte order mark), for warnings.
  virtual const std::vector<std::string>& notes() const = 0;
};

/// A reader of `source`, which must outlive it; the header is read at once.
std::unique_ptr<RowReader> open_rows(ByteSource& source, Format format, const ReadOptions& options);

/// The format that a file name's extension says (.csv .tsv .tab .jsonl .ndjson .json); CSV for all else.
Format format_of(std::string_view filename);

}  // namespace lumi::tabular
