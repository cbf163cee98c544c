#pragma once
#include "base/byte_stream.hpp"
#include "core/inference/sample_log.hpp"
#include "core/inference/sample_source.hpp"

#include <string>
#include <string_view>

namespace lumi::inference {

/// Writes the samples with the model's answers as CSV: the columns examples, ground_truth (if the dataset has it),
/// `output_field` and prediction_status. A sample that was refused or is in error has no text.
void write_annotated_csv(ByteSink& sink,
                         const SampleLog& log,
                         const SampleSpec& samples,
                         const std::string& output_field);

/// `{stem}-annotated.csv`.
std::string annotated_filename(std::string_view filename);

}  // namespace lumi::inference
