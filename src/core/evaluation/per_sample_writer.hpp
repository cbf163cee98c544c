#pragma once
#include "base/byte_stream.hpp"
#include "core/evaluation/sample_row.hpp"
#include "core/tabular/csv_writer.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace lumi::evaluation {

/// What a file of samples is written in.
enum class PerSampleFormat { jsonl, csv };

/// The format that the extension of `path` says (.jsonl, .ndjson, .csv). Throws `usage` for another one.
PerSampleFormat per_sample_format(const std::filesystem::path& path);

/// Writes samples, one a line: JSON Lines as `write_sample`, or CSV with the same names as header and empty cells for
/// null.
class PerSampleWriter {
public:
  PerSampleWriter(ByteSink& sink, const Outcome& outcome, PerSampleFormat format, tabular::ExcelSafe excel_safe);

  void write(const SampleRow& sample);

  /// Hands the last bytes to the sink.
  void flush() { sink_.flush(); }

private:
  void write_csv(const SampleRow& sample);

  BufferedSink sink_;
  PerSampleFormat format_;
  tabular::CsvWriter csv_;
  std::vector<ScoreLabel> labels_;
  std::vector<std::string> numbers_;
  std::vector<std::string_view> cells_;
};

/// Writes all samples of an evaluation to `path`, which shows them only once all are there.
void save_per_sample(const std::filesystem::path& path,
                     tabular::ExcelSafe excel_safe,
                     const Outcome& outcome,
                     const Input& input,
                     const Request& request);

}  // namespace lumi::evaluation
