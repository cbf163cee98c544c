#include "base/suggest.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace lumi {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::vector<std::size_t> next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      next[j] = std::min({row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        next[j] = std::min(next[j], before[j - 2] + 1);
      }
    }
    std::swap(before, row);
    std::swap(row, next);
  }
  return row[b.size()];
}

/// What counts in a comparison: case does not, and `max_tokens` is `max-tokens`.
std::string folded(std::string_view word) {
  std::string text = to_lower_ascii(word);
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

std::ptrdiff_t common_prefix(std::string_view a, std::string_view b) {
  return std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin();
}

std::optional<std::string> only_completion(const std::string& start, const std::vector<std::string>& candidates) {
  constexpr std::size_t k_letters_needed = 3;
  const std::string* found = nullptr;
  for (const auto& candidate : candidates) {
    if (start.size() >= k_letters_needed && folded(candidate).starts_with(start)) {
      if (found != nullptr) {
        return std::nullopt;
      }
      found = &candidate;
    }
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

}  // namespace

std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates) {
  if (word.empty()) {
    return std::nullopt;
  }
  const std::string wanted = folded(word);
  const std::size_t allowed = std::min(std::max<std::size_t>(1, wanted.size() / 3), wanted.size() - 1);
  std::pair best{allowed + 1, std::ptrdiff_t{0}};  // edits, and the more of the beginning is right the better
  const std::string* found = nullptr;
  for (const auto& candidate : candidates) {
    const std::string other = folded(candidate);
    const std::pair rank{edit_distance(wanted, other), -common_prefix(wanted, other)};
    if (rank.first <= allowed && rank < best) {
      best = rank;
      found = &candidate;
    }
  }
  return found != nullptr ? std::optional(*found) : only_completion(wanted, candidates);
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const auto best = closest(word, candidates);
  return best ? "did you mean " + quote(*best) + "?" : std::string();
}

}  // namespace lumi
