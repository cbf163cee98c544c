#include "core/evaluation/per_sample_writer.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

#include <cmath>

namespace lumi::evaluation {

PerSampleFormat per_sample_format(const std::filesystem::path& path) {
  const auto extension = to_lower_ascii(path.extension().string());
  if (extension == ".jsonl" || extension == ".ndjson") {
    return PerSampleFormat::jsonl;
  }
  if (extension == ".csv") {
    return PerSampleFormat::csv;
  }
  throw Error(ErrorCode::usage,
              "cannot tell the format of " + quote(path.string()),
              "samples are written to a file that ends in .jsonl or .csv");
}

PerSampleWriter::PerSampleWriter(ByteSink& sink,
                                 const Outcome& outcome,
                                 PerSampleFormat format,
                                 tabular::ExcelSafe excel_safe)
    : sink_(sink), format_(format), csv_(sink_, excel_safe), labels_(score_labels(outcome)) {
  if (format_ == PerSampleFormat::csv) {
    cells_ = {"row", "status", "prediction", "ground_truth"};
    for (const auto& label : labels_) {
      cells_.emplace_back(label.name);
    }
    csv_.write(cells_);
  }
}

void PerSampleWriter::write(const SampleRow& sample) {
  if (format_ == PerSampleFormat::csv) {
    write_csv(sample);
    return;
  }
  JsonWriter json(sink_);
  write_sample(json, labels_, sample);
  sink_.write("\n");
}

void PerSampleWriter::write_csv(const SampleRow& sample) {
  numbers_.assign(1, std::to_string(sample.number));
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const double value = sample.scores[i];
    if (!std::isfinite(value)) {
      numbers_.emplace_back();
    } else if (labels_[i].field->is_integral) {
      numbers_.push_back(std::to_string(static_cast<std::int64_t>(value)));
    } else {
      numbers_.push_back(json_number(value));
    }
  }
  cells_ = {
      numbers_.front(), to_text(sample.status), sample.prediction, sample.ground_truth.value_or(std::string_view())};
  cells_.insert(cells_.end(), numbers_.begin() + 1, numbers_.end());
  csv_.write(cells_);
}

void save_per_sample(const std::filesystem::path& path,
                     tabular::ExcelSafe excel_safe,
                     const Outcome& outcome,
                     const Input& input,
                     const Request& request) {
  const auto format = per_sample_format(path);
  AtomicFile file(path, Overwrite::yes, Durable::no, Readers::by_umask);
  PerSampleWriter writer(file, outcome, format, excel_safe);
  for_each_sample(outcome, input, request, [&](const SampleRow& sample) {
    writer.write(sample);
    return true;
  });
  writer.flush();
  file.commit();
}

}  // namespace lumi::evaluation
