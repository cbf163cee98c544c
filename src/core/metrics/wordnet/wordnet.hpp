#pragma once
#include "core/metrics/wordnet/wordnet_format.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// The words of a WordNet and their synonyms, looked up in compiled data that outlives the object. Words are ASCII.
class WordNet {
public:
  /// The number of a word, for comparing.
  using Id = std::uint32_t;

  /// Reads nothing but the header; throws `invalid_input` unless `data` is what `compile_wordnet` made of the sources
  /// with this identity, bit by bit.
  explicit WordNet(std::string_view data, std::uint64_t identity);

  /// The number of a lower-case word, if any synset has it in lower case or it is looked up under this form.
  std::optional<Id> find(std::string_view word) const;

  /// The name behind a number: in its original case, "_" for a space.
  std::string_view name(Id id) const;

  /// Whether the name is in lower case: only those can equal a lower-case word.
  bool is_lower(Id id) const { return id < words_; }

  /// Tells this dictionary from others by what it says.
  std::uint64_t content_checksum() const { return checksum_; }

private:
  friend class SynonymFinder;

  std::uint32_t words_ = 0;
  std::uint32_t longest_word_ = 0;
  std::uint32_t slot_mask_ = 0;
  std::uint64_t checksum_ = 0;
  const wordnet_format::Word* entries_ = nullptr;
  const std::uint32_t* list_begins_ = nullptr;
  const std::uint32_t* list_items_ = nullptr;
  const std::uint32_t* slots_ = nullptr;
  const char* text_ = nullptr;
};

/// Finds synonyms as NLTK 3.8.1's `synsets()` does, with all forms of a word that its `morphy` gives. Holds scratch
/// memory.
class SynonymFinder {
public:
  /// `wordnet` must outlive the object.
  explicit SynonymFinder(const WordNet& wordnet) : wordnet_(wordnet) {}

  /// All one-word names in the synsets of a lower-case word's forms, each once, in ascending order. The word itself is
  /// among them only if a synset has it. Good until the next call.
  const std::vector<WordNet::Id>& find(std::string_view word);

private:
  void add_forms(std::string_view word, std::optional<WordNet::Id> id, unsigned part);
  bool add_form(std::string_view form, unsigned part);
  bool add_indexed(WordNet::Id id, unsigned part);
  void add_list(std::uint32_t list);
  bool apply_rules(std::string_view word, unsigned part, std::size_t length);

  const WordNet& wordnet_;
  std::vector<WordNet::Id> found_;
  std::vector<std::size_t> level_;
  std::vector<std::size_t> next_level_;
  std::vector<bool> visited_;
  std::string form_;
};

}  // namespace lumi::metrics
