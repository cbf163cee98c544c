#include "core/inference/sample_source.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace lumi::inference {

namespace {

std::optional<std::size_t> find(const std::vector<std::string>& columns, std::string_view name) {
  const auto found = std::find(columns.begin(), columns.end(), name);
  return found == columns.end() ? std::nullopt : std::optional<std::size_t>(found - columns.begin());
}

}  // namespace

SampleSource::SampleSource(const SampleSpec& spec)
    : bytes_(spec.input.open()), prompt_(spec.prompt), selection_(spec.selection()), rows_in_file_(spec.rows) {
  tabular::ReadOptions options;
  options.name = spec.input.name;
  options.short_rows = tabular::ShortRows::fill;
  rows_ = tabular::open_rows(*bytes_, spec.input.format, options);
  prompt_.bind(rows_->columns());
  example_ = find(rows_->columns(), "examples");
  ground_truth_ = find(rows_->columns(), "ground_truth");
}

bool SampleSource::next(SampleInput& sample) {
  if (read_ == selection_.size()) {
    check_end();
    return false;
  }
  do {
    if (!rows_->next(row_)) {
      throw Error(ErrorCode::failure, "the dataset has fewer rows than when it was kept");
    }
  } while (!selection_.takes_next());
  sample.sample = read_++;
  sample.row = row_.number;
  const auto field = [&](std::optional<std::size_t> place) {
    return place ? std::optional(row_.fields[*place]) : std::nullopt;
  };
  sample.example = field(example_);
  sample.ground_truth = field(ground_truth_);
  return true;
}

void SampleSource::check_end() {
  // Only at its end a stored file is known to be what was kept.
  if (row_.number == rows_in_file_ && rows_->next(row_)) {
    throw Error(ErrorCode::failure, "the dataset has more rows than when it was kept");
  }
}

std::string SampleSource::prompt() const {
  std::string text;
  prompt_.render(row_.fields, text);
  return text;
}

}  // namespace lumi::inference
