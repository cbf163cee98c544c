#pragma once
#include <cstddef>
#include <string_view>

namespace lumi::metrics {

/// Whether Punkt takes the byte for punctuation that cannot be within a word; no byte of a longer character is.
bool is_punkt_punctuation(char c);

/// Punkt's next word of `line`, which has no "\n", at or after `at`, which moves past it; empty at the end.
std::string_view next_punkt_word(std::string_view line, std::size_t& at);

}  // namespace lumi::metrics
