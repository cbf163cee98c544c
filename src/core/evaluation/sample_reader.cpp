#include "core/evaluation/sample_reader.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <limits>

namespace lumi::evaluation {

class SampleReader::CountingSource final : public ByteSource {
public:
  explicit CountingSource(ByteSource& behind) : behind_(behind) {}
  std::size_t read(char* buffer, std::size_t capacity) override {
    const auto count = behind_.read(buffer, capacity);
    bytes_ += count;
    return count;
  }
  std::uint64_t bytes() const { return bytes_; }

private:
  ByteSource& behind_;
  std::uint64_t bytes_ = 0;
};

bool SampleTexts::has_ground_truth() const { return ground_truth && !is_blank(*ground_truth); }

SampleReader::SampleReader(const Input& input, const Request& request, NeededColumns needed)
    : file_name_(input.name), empty_predictions_(request.empty_predictions),
      most_rows_(request.max_samples < 1 ? std::numeric_limits<std::uint64_t>::max()
                                         : static_cast<std::uint64_t>(request.max_samples)),
      source_(input.open()), counted_(std::make_unique<CountingSource>(*source_)) {
  tabular::ReadOptions options;
  options.short_rows = tabular::ShortRows::fill;
  options.name = input.name;
  rows_ = tabular::open_rows(*counted_, input.format, options);
  places_ = find_columns(rows_->columns(), request.columns, needed, input.name);
}

SampleReader::~SampleReader() = default;

std::uint64_t SampleReader::bytes_read() const { return counted_->bytes(); }

SampleStatus SampleReader::status_of(const tabular::Row& row, std::string_view prediction) const {
  if (places_.status) {
    const auto text = trim(row.fields[*places_.status]);
    const auto status = parse_sample_status(text);
    if (!status && !text.empty()) {
      throw Error(ErrorCode::invalid_input,
                  quote(file_name_) + " row " + std::to_string(row.number) + " has the unknown prediction_status " +
                      quote(text),
                  "it is one of ok, empty, truncated, refused, error");
    }
    if (status && *status != SampleStatus::ok) {
      return *status;
    }
    if (status) {
      return is_blank(prediction) ? SampleStatus::empty : SampleStatus::ok;
    }
  }
  if (!is_blank(prediction)) {
    return SampleStatus::ok;
  }
  return empty_predictions_ == EmptyPredictions::missing ? SampleStatus::error : SampleStatus::empty;
}

bool SampleReader::next(SampleTexts& sample) {
  if (read_ >= most_rows_ || !rows_->next(row_)) {
    return false;
  }
  ++read_;
  sample.number = row_.number;
  sample.prediction = row_.fields[places_.predictions];
  sample.status = status_of(row_, sample.prediction);
  sample.ground_truth = places_.ground_truth ? std::optional(row_.fields[*places_.ground_truth]) : std::nullopt;
  sample.source = places_.source ? row_.fields[*places_.source] : std::string_view();
  return true;
}

}  // namespace lumi::evaluation
