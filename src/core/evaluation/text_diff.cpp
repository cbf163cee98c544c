#include "core/evaluation/text_diff.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace lumi::evaluation {

namespace {

using Words = std::vector<std::string_view>;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

Words words_of(std::string_view text) {
  Words words;
  for (std::size_t begin = 0; begin < text.size();) {
    if (is_space(text[begin])) {
      ++begin;
      continue;
    }
    auto end = begin;
    while (end < text.size() && !is_space(text[end])) {
      ++end;
    }
    words.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return words;
}

// Collects words into runs; a run is the slice from its first word to its last.
class RunBuilder {
public:
  void add(DiffKind kind, std::string_view word) {
    if (!runs_.empty() && runs_.back().kind == kind) {
      auto& text = runs_.back().text;
      text = {text.data(), static_cast<std::size_t>(word.data() + word.size() - text.data())};
    } else {
      runs_.push_back({kind, word});
    }
  }
  std::vector<DiffRun> take() { return std::move(runs_); }

private:
  std::vector<DiffRun> runs_;
};

// Myers' greedy search. `reach` is, after d edits, how far into `before` each diagonal gets; the trace keeps only the
// diagonals that d edits can touch, so memory is quadratic in the edits, never in the texts.
class EditSearch {
public:
  EditSearch(const Words& before, const Words& after) : before_(before), after_(after) {}

  // The kinds of the steps from front to back; nothing if more than `max_edits` are needed.
  std::optional<std::vector<DiffKind>> steps(std::size_t max_edits) {
    const auto limit = static_cast<std::int32_t>(std::min(max_edits, before_.size() + after_.size()));
    std::vector<std::int32_t> reach(2 * static_cast<std::size_t>(limit) + 3, 0);
    for (std::int32_t edits = 0; edits <= limit; ++edits) {
      const bool is_found = extend(reach, edits, limit + 1);
      trace_.emplace_back(reach.begin() + (limit + 1 - edits), reach.begin() + (limit + 1 + edits + 1));
      if (is_found) {
        return walk_back(edits);
      }
    }
    return std::nullopt;
  }

private:
  // One more edit on every diagonal, then along equal words; true at the end of both texts.
  bool extend(std::vector<std::int32_t>& reach, std::int32_t edits, std::int32_t middle) const {
    for (std::int32_t diagonal = -edits; diagonal <= edits; diagonal += 2) {
      auto* at = reach.data() + middle + diagonal;
      std::int32_t x = 0;
      if (edits > 0) {
        const bool goes_down = diagonal == -edits || (diagonal != edits && at[-1] < at[1]);
        x = goes_down ? at[1] : at[-1] + 1;
      }
      auto y = x - diagonal;
      while (x < size(before_) && y < size(after_) && y >= 0 && word(before_, x) == word(after_, y)) {
        ++x;
        ++y;
      }
      *at = x;
      if (x >= size(before_) && y >= size(after_)) {
        return true;
      }
    }
    return false;
  }

  std::vector<DiffKind> walk_back(std::int32_t edits) const {
    std::vector<DiffKind> steps;
    auto x = size(before_);
    auto y = size(after_);
    for (; edits > 0; --edits) {
      const auto& earlier = trace_[static_cast<std::size_t>(edits - 1)];
      const auto diagonal = x - y;
      const auto at = [&](std::int32_t k) {
        const auto index = k + edits - 1;
        return index < 0 || index >= size(earlier) ? -1 : earlier[static_cast<std::size_t>(index)];
      };
      const bool goes_down = diagonal == -edits || (diagonal != edits && at(diagonal - 1) < at(diagonal + 1));
      const auto from = goes_down ? diagonal + 1 : diagonal - 1;
      const auto start = goes_down ? at(from) : at(from) + 1;
      for (; x > start; --x, --y) {
        steps.push_back(DiffKind::keep);
      }
      steps.push_back(goes_down ? DiffKind::insert : DiffKind::remove);
      x = at(from);
      y = x - from;
    }
    steps.insert(steps.end(), static_cast<std::size_t>(x), DiffKind::keep);
    std::reverse(steps.begin(), steps.end());
    return steps;
  }

  template <class Items>
  static std::int32_t size(const Items& items) {
    return static_cast<std::int32_t>(items.size());
  }
  static std::string_view word(const Words& words, std::int32_t index) {
    return words[static_cast<std::size_t>(index)];
  }

  const Words& before_;
  const Words& after_;
  std::vector<std::vector<std::int32_t>> trace_;
};

}  // namespace

std::vector<DiffRun> diff_words(std::string_view before, std::string_view after, std::size_t max_edits) {
  auto old_words = words_of(before);
  auto new_words = words_of(after);
  const auto shorter = std::min(old_words.size(), new_words.size());
  std::size_t prefix = 0;
  while (prefix < shorter && old_words[prefix] == new_words[prefix]) {
    ++prefix;
  }
  std::size_t suffix = 0;
  while (suffix < shorter - prefix &&
         old_words[old_words.size() - 1 - suffix] == new_words[new_words.size() - 1 - suffix]) {
    ++suffix;
  }
  const Words old_middle(old_words.begin() + static_cast<std::ptrdiff_t>(prefix),
                         old_words.end() - static_cast<std::ptrdiff_t>(suffix));
  const Words new_middle(new_words.begin() + static_cast<std::ptrdiff_t>(prefix),
                         new_words.end() - static_cast<std::ptrdiff_t>(suffix));
  auto steps = EditSearch(old_middle, new_middle).steps(max_edits);
  if (!steps) {
    steps.emplace(old_middle.size(), DiffKind::remove);
    steps->insert(steps->end(), new_middle.size(), DiffKind::insert);
  }
  RunBuilder runs;
  for (std::size_t i = 0; i < prefix; ++i) {
    runs.add(DiffKind::keep, new_words[i]);
  }
  std::size_t old_at = prefix;
  std::size_t new_at = prefix;
  for (const auto kind : *steps) {
    runs.add(kind, kind == DiffKind::remove ? old_words[old_at] : new_words[new_at]);
    old_at += kind == DiffKind::insert ? 0 : 1;
    new_at += kind == DiffKind::remove ? 0 : 1;
  }
  for (std::size_t i = new_words.size() - suffix; i < new_words.size(); ++i) {
    runs.add(DiffKind::keep, new_words[i]);
  }
  return runs.take();
}

}  // namespace lumi::evaluation
