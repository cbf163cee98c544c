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

/// A column that is read under another name.
struct ColumnRename {
  std::string from;  ///< the name in the file
  std::string to;
};

/// What becomes of a CSV row with fewer cells than the header: an error, or empty cells and a note, as Lumigator does.
enum class ShortRows { refuse, fill };

/// How the file is called and how big its parts may be.
struct ReadOptions {
  std::string name = "<input>";                     ///< the file's name in messages
  std::uint64_t max_cell_bytes = 16 * 1024 * 1024;  ///< a longer text throws `too_large`: 16 MiB are 3 million words
  std::uint64_t max_row_bytes = 32 * 1024 * 1024;   ///< so does a row that takes more of the file; it bounds the memory
  std::uint64_t max_columns = 100'000;
  std::size_t block_bytes = 128 * 1024;  ///< how much is read at once: more than a cache holds is no faster
  std::vector<ColumnRename> renames = {};
  ShortRows short_rows = ShortRows::refuse;
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

class ProblemSink;

/// A reader of `source`, which must outlive it; the header is read at once. With `problems` (which must outlive it
/// too), problems go there instead of being thrown, and rows with problems are left out but counted.
std::unique_ptr<RowReader>
open_rows(ByteSource& source, Format format, const ReadOptions& options, ProblemSink* problems = nullptr);

/// The format that a file name's extension says (.csv .tsv .tab .jsonl .ndjson .json); CSV for all else.
Format format_of(std::string_view filename);

/// The format that "csv", "tsv", "jsonl" or "json" names. Throws `usage` for another name.
Format parse_format(std::string_view name);

}  // namespace lumi::tabular
