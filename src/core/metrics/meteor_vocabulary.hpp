#pragma once
#include "core/metrics/wordnet/wordnet.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// Numbers the lower-case words that a scorer meets and remembers what is costly to find out about them: stems and
/// synonyms.
class MeteorVocabulary {
public:
  using Id = std::uint32_t;
  static constexpr std::uint32_t k_none = 0xFFFFFFFFU;

  /// `wordnet` may be null, else it must outlive the object.
  explicit MeteorVocabulary(const WordNet* wordnet);

  /// What tells a word from others: up to 16 bytes of ASCII themselves, zeros after them. Of any other word its hash
  /// and, in `last`, what no ASCII has; its text is compared then.
  struct Key {
    std::uint64_t first = 0;
    std::uint64_t last = 0;

    bool operator==(const Key&) const = default;
  };

  /// The number of the token's lower case. `around` is a text that the token may be a part of: bytes after the token
  /// are read there rather than piece by piece.
  Id add(std::string_view token, std::string_view around = {});

  /// The number of the word's Porter stem.
  Id stem(Id word);

  /// The number that WordNet gives the word, or `k_none`.
  std::uint32_t name(Id word);

  /// The lower-case names of the word's synonyms, as numbers of WordNet. Good until the next call.
  std::span<const WordNet::Id> synonyms(Id word);

  /// One more than the largest number given.
  std::size_t size() const { return words_.size(); }

  /// Forgets everything if it has become much, and says whether it has; numbers given before are then worthless.
  bool limit();

private:
  static constexpr std::uint32_t k_unknown = 0xFFFFFFFEU;

  struct Word {
    std::uint32_t text = 0;
    std::uint32_t length = 0;
    std::uint32_t name = k_unknown;
    std::uint32_t synonyms_begin = k_unknown;
    std::uint32_t synonyms_end = 0;
  };
  /// A word's place in the hash table, small so that the table stays near. `tag` is the high half of the key's hash.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t word = 0;  ///< its number plus one; 0: free
  };

  void clear();
  void grow();
  Id find_or_add(const Key& key, std::string_view word);
  Id add_lower(std::string_view word);
  Id add_new(const Key& key, std::string_view word);
  std::string_view text_of(const Word& word) const { return {text_.data() + word.text, word.length}; }

  const WordNet* wordnet_;
  std::optional<SynonymFinder> finder_;
  std::vector<Slot> slots_;
  std::vector<Key> keys_;  ///< per word
  std::vector<Word> words_;
  std::vector<Id> stems_;  ///< per word
  std::vector<WordNet::Id> synonyms_;
  std::string text_;
  std::string lower_;
};

}  // namespace lumi::metrics
