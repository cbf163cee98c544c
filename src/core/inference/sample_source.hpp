#pragma once
#include "core/chat/prompt_template.hpp"
#include "core/evaluation/input.hpp"
#include "core/inference/row_selection.hpp"
#include "core/tabular/row_reader.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace lumi::inference {

/// Which rows of which file are samples, and what is asked about each.
struct SampleSpec {
  evaluation::Input input;
  std::uint64_t rows = 0;  ///< of the file
  chat::PromptTemplate prompt;
  std::int64_t max_samples = -1;
  std::optional<std::int64_t> sample_seed;

  RowSelection selection() const { return {rows, max_samples, sample_seed}; }
};

/// One row as it is read. The texts are valid until the next one.
struct SampleInput {
  std::uint64_t sample = 0;  ///< from 0
  std::uint64_t row = 0;     ///< from 1
  std::optional<std::string_view> example;
  std::optional<std::string_view> ground_truth;
};

/// Reads the samples of a job in order. Throws `invalid_input` if the prompt names a column that is not there.
class SampleSource {
public:
  explicit SampleSource(const SampleSpec& spec);

  /// Goes to the next sample; false after the last one. Throws `failure` if the file does not have the
  /// rows that it should have.
  bool next(SampleInput& sample);

  /// The text that is sent for the sample at hand.
  std::string prompt() const;

  bool has_ground_truth() const { return ground_truth_.has_value(); }

private:
  void check_end();

  std::unique_ptr<ByteSource> bytes_;
  std::unique_ptr<tabular::RowReader> rows_;
  chat::PromptTemplate prompt_;
  RowSelection selection_;
  std::uint64_t rows_in_file_;
  tabular::Row row_;
  std::uint64_t read_ = 0;
  std::optional<std::size_t> example_;
  std::optional<std::size_t> ground_truth_;
};

}  // namespace lumi::inference
