#include "core/inference/budget.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace lumi::inference {

namespace {

constexpr const char* k_hint = "'lumi job resume' goes on with a higher limit";

// Whether `more` requests of about `each` stay below `most`.
bool fits(double spent, double each, std::uint64_t more, double most) {
  return spent + each * static_cast<double>(more) <= most;
}

}  // namespace

bool Budget::has_room(std::uint64_t in_flight, std::int64_t prompt_tokens, std::int64_t max_new_tokens) const {
  if (in_flight == 0) {
    return true;
  }
  const auto& spending = log_.spending();
  const auto answers = static_cast<double>(std::max<std::uint64_t>(1, spending.answers));
  const bool is_known = spending.answers > 0;
  if (settings_.max_total_tokens) {
    const double each = is_known ? static_cast<double>(spending.total_tokens) / answers
                                 : static_cast<double>(prompt_tokens + max_new_tokens);
    if (!fits(static_cast<double>(spending.total_tokens),
              each,
              in_flight + 1,
              static_cast<double>(*settings_.max_total_tokens))) {
      return false;
    }
  }
  if (settings_.max_cost && price_) {
    chat::Usage usage;
    usage.prompt_tokens = prompt_tokens;
    usage.completion_tokens = max_new_tokens;
    const double each = is_known ? spending.cost / answers : chat::cost_of(*price_, usage);
    return fits(spending.cost, each, in_flight + 1, *settings_.max_cost);
  }
  return true;
}

std::optional<Error> Budget::exhausted() const {
  const auto& spending = log_.spending();
  if (settings_.max_total_tokens && spending.total_tokens >= *settings_.max_total_tokens) {
    return Error(ErrorCode::budget,
                 "the job has used " + std::to_string(spending.total_tokens) + " tokens of at most " +
                     std::to_string(*settings_.max_total_tokens),
                 k_hint);
  }
  if (settings_.max_cost && spending.cost >= *settings_.max_cost) {
    return Error(ErrorCode::budget,
                 "the job has cost " + json_number(spending.cost) + " USD of at most " +
                     json_number(*settings_.max_cost),
                 k_hint);
  }
  return std::nullopt;
}

}  // namespace lumi::inference
