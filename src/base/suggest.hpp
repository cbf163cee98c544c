#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {

/// The candidate nearest to `word` (case-insensitive optimal string alignment distance), or nothing if none is near
/// enough: at most a third of the word's length, and at least one edit, may differ.
std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean \"x\"?" for the closest candidate, or an empty text.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace lumi
