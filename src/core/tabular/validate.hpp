#pragma once
#include "base/byte_stream.hpp"
#include "core/tabular/problem.hpp"
#include "core/tabular/row_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace lumi::tabular {

/// What a file is asked for.
struct ValidateOptions {
  ReadOptions read;
  std::vector<std::string> required = {"examples"};           ///< columns that must be there; a blank cell is a warning
  std::vector<std::string> expected_full = {"ground_truth"};  ///< the same, where they are there
  std::size_t limit = 1000;                                   ///< problems kept; all are counted
};

/// What was found in a file.
struct Validation {
  std::vector<Problem> problems;  ///< in the order of the file, what concerns all of it last; at most the limit
  std::uint64_t errors = 0;       ///< these three count also what is beyond the limit
  std::uint64_t warnings = 0;
  std::uint64_t notes = 0;
  std::uint64_t rows = 0;  ///< rows without errors
  std::vector<std::string> columns;

  bool is_fit() const { return errors == 0; }
};

/// Looks for every problem in `source`, going on behind each as well as that can be done: the errors that a reader
/// would throw, required columns that are missing, no rows; blank cells (warnings); repeated rows, renamed columns and
/// the like (notes). Repeated rows are looked for among the first million. Throws only what `source` throws, and
/// `interrupted`.
Validation validate_rows(ByteSource& source, Format format, const ValidateOptions& options);

}  // namespace lumi::tabular
