#include "core/inference/annotated_dataset.hpp"

#include "core/evaluation/columns.hpp"
#include "core/tabular/csv_writer.hpp"

#include <vector>

namespace lumi::inference {

namespace {

// A dataset holds no NUL, which a model may well say.
std::string without_nul(std::string text) {
  for (auto at = text.find('\0'); at != std::string::npos; at = text.find('\0', at)) {
    text.replace(at, 1, "\xEF\xBF\xBD");
  }
  return text;
}

}  // namespace

void write_annotated_csv(ByteSink& sink,
                         const SampleLog& log,
                         const SampleSpec& samples,
                         const std::string& output_field) {
  SampleSource source(samples);
  const bool keeps_ground_truth = source.has_ground_truth() && output_field != "ground_truth";
  tabular::CsvWriter writer(sink);
  std::vector<std::string_view> fields = {"examples"};
  if (keeps_ground_truth) {
    fields.push_back("ground_truth");
  }
  fields.insert(fields.end(), {output_field, evaluation::k_status_column});
  writer.write(fields);
  for (SampleInput input; source.next(input);) {
    const auto record = log.read(input.sample);
    const auto answer = without_nul(record.prediction.value_or(""));
    const auto example = input.example ? std::string(*input.example) : source.prompt();
    fields = {example};
    if (keeps_ground_truth) {
      fields.push_back(*input.ground_truth);
    }
    fields.insert(fields.end(), {answer, evaluation::to_text(record.status)});
    writer.write(fields);
  }
}

std::string annotated_filename(std::string_view filename) {
  const auto name = filename.substr(filename.rfind('/') + 1);
  return std::string(name.substr(0, name.rfind('.'))) + "-annotated.csv";
}

}  // namespace lumi::inference
