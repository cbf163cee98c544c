#include "core/evaluation/missing_rows.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

namespace lumi::evaluation {

namespace {

constexpr std::size_t k_most_named = 10;

}  // namespace

void MissingRows::add(std::uint64_t row_number) {
  ++count_;
  if (first_.size() < k_most_named) {
    first_.push_back(std::to_string(row_number));
  }
}

void MissingRows::refuse_if_any(const std::string& file_name) const {
  if (count_ == 0) {
    return;
  }
  auto rows = join(first_, ", ");
  if (count_ > first_.size()) {
    rows += " and " + std::to_string(count_ - first_.size()) + " more";
  }
  throw Error(ErrorCode::invalid_input,
              quote(file_name) + " has no ground truth in " + (count_ == 1 ? "row " : "rows ") + rows,
              "fill them in, or leave those samples out of the scores with --missing-references skip");
}

}  // namespace lumi::evaluation
