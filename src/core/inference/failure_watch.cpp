#include "core/inference/failure_watch.hpp"

#include <utility>

namespace lumi::inference {

namespace {

constexpr std::size_t k_most_before_first_answer = 2;
constexpr std::size_t k_most_in_a_row = 20;

}  // namespace

std::vector<SampleRecord> FailureWatch::break_row() {
  row_ = Row::none;
  return std::exchange(held_, {});
}

std::vector<SampleRecord> FailureWatch::on_answer() {
  has_answer_ = true;
  return break_row();
}

std::vector<SampleRecord> FailureWatch::on_failure(SampleRecord record, chat::FailureKind kind) {
  const auto row = chat::is_auth_or_quota(kind) ? Row::refused
                   : chat::is_unreachable(kind) ? Row::unreachable
                                                : Row::none;
  // Before the first answer, refused keys count whatever comes between them.
  const bool goes_on = row == row_ || (row == Row::none && row_ == Row::refused && !has_answer_);
  auto settled = goes_on ? std::vector<SampleRecord>() : break_row();
  if (row == Row::none) {
    has_failure_ = true;
    settled.push_back(std::move(record));
    return settled;
  }
  row_ = row;
  held_.push_back(std::move(record));
  const auto most = row == Row::refused && !has_answer_ ? k_most_before_first_answer : k_most_in_a_row;
  if (held_.size() >= most) {
    end_with(row == Row::refused ? ErrorCode::credentials : ErrorCode::unavailable);
  }
  return settled;
}

std::vector<SampleRecord> FailureWatch::at_end() {
  if (stop_ || held_.empty()) {
    return {};
  }
  if (!has_answer_ && !has_failure_) {
    end_with(row_ == Row::refused ? ErrorCode::credentials : ErrorCode::unavailable);
    return {};
  }
  return break_row();
}

void FailureWatch::end_with(ErrorCode code) {
  if (stop_) {
    return;
  }
  const auto& reason = held_.back().error;
  stop_ = code == ErrorCode::credentials
              ? Error(code,
                      "the endpoint refuses the key or the account: " + reason,
                      "what was not answered stays to be asked: 'lumi job resume' goes on once the key is right")
              : Error(code,
                      "the endpoint is out of reach: " + reason,
                      "what was not answered stays to be asked: 'lumi job resume' goes on once it answers");
}

}  // namespace lumi::inference
