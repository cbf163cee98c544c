#pragma once
#include <cstddef>
#include <string>

namespace lumi::metrics {

/// Replaces a lower-case UTF-8 `word` by its Porter stem as NLTK's default mode (NLTK_EXTENSIONS) gives it. A letter
/// outside ASCII counts as one consonant. Never makes the word longer.
void stem_porter(std::string& word);

/// The same for `length` ASCII characters in place; returns the length of the stem.
std::size_t stem_porter_ascii(char* word, std::size_t length);

}  // namespace lumi::metrics
