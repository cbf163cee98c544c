#include "core/inference/waiting_room.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace lumi::inference {

namespace {

constexpr auto k_later = [](const auto& a, const auto& b) {
  return std::tie(a.due_us, a.sample.sample) > std::tie(b.due_us, b.sample.sample);
};

}  // namespace

void WaitingRoom::add(WaitingSample sample, std::int64_t due_us) {
  heap_.push_back({due_us, std::move(sample)});
  std::push_heap(heap_.begin(), heap_.end(), k_later);
}

std::optional<WaitingSample> WaitingRoom::take_due(std::int64_t now_us) {
  if (heap_.empty() || heap_.front().due_us > now_us) {
    return std::nullopt;
  }
  std::pop_heap(heap_.begin(), heap_.end(), k_later);
  auto sample = std::move(heap_.back().sample);
  heap_.pop_back();
  return sample;
}

std::optional<std::int64_t> WaitingRoom::next_due() const {
  return heap_.empty() ? std::nullopt : std::optional(heap_.front().due_us);
}

}  // namespace lumi::inference
