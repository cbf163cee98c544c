#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

namespace lumi::evaluation {

/// What a run of words is: in both texts, only in the new one, or only in the old one.
enum class DiffKind { keep, insert, remove };

/// Neighbouring words of one kind; a slice of the new text (keep, insert) or of the old one (remove).
struct DiffRun {
  DiffKind kind = DiffKind::keep;
  std::string_view text;
};

/// The shortest way from `before` to `after` word by word (Myers), words being what white space separates. The runs are
/// in reading order and leave out the white space between them. Texts that differ in more than `max_edits` words are
/// compared at their ends only, so that time and memory stay bounded.
std::vector<DiffRun> diff_words(std::string_view before, std::string_view after, std::size_t max_edits = 1000);

}  // namespace lumi::evaluation
