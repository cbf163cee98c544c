#pragma once
#include "core/metrics/text/edits.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// What stands next to a chunk: nothing, the space that the rules name, or other white space.
enum class Beside : char { nothing = '\0', space = ' ', other_space = '\n' };

/// A run of characters without white space and what the rules see of its surroundings.
struct WordChunk {
  std::string_view text;
  unsigned signs = 0;  ///< the word_sign bits of its bytes
  Beside before = Beside::nothing;
  Beside after = Beside::nothing;
  bool ends_sentence = false;  ///< its last period is the one that ends the sentence
};

/// Applies the substitutions of NLTK 3.8.1's word tokenizer to one chunk. No rule looks beyond the white space next to
/// a chunk, except for the period that ends the sentence, which whoever cuts the sentence finds.
class ChunkRules {
public:
  /// The words of `chunk` with white space between them; good until the next call.
  std::string_view apply(const WordChunk& chunk);

private:
  using Rule = void (*)(std::string_view text, Edits& edits);

  /// What the rules made of a chunk: texts repeat theirs.
  struct Known {
    std::string text;
    std::string words;
    unsigned surroundings = 0;
  };
  static constexpr std::size_t k_known_chunks = 512;
  static constexpr std::size_t k_longest_known = 32;

  void run_rules(const WordChunk& chunk);
  void run_if(bool is_needed, Rule rule);

  std::vector<Known> known_{k_known_chunks};
  std::string text_;
  std::string changed_;
};

/// Whether one of the words that count as two starts with this letter.
bool starts_contraction(char c);

/// Whether the rules split `text`, which has no white space, quotes or apostrophes, because it holds a word like
/// "cannot" or "gonna".
bool has_contraction(std::string_view text);

}  // namespace lumi::metrics
