#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {

/// The candidate that `word` was most likely meant to be, or nothing. Case and the kind of hyphen do not count. It is
/// the one with the fewest edits (a letter too many, too few, wrong, or two exchanged), at most one for three letters
/// of the word, but never every letter of it; where there is none, the only one that begins with `word` (3 letters or
/// more).
std::optional<std::string> closest(std::string_view word, const std::vector<std::string>& candidates);

/// "did you mean \"x\"?" for the closest candidate, or an empty text.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace lumi
