#include "core/metrics/meteor_vocabulary.hpp"

#include "base/hash.hpp"
#include "core/metrics/text/porter_stemmer.hpp"
#include "core/metrics/text/python_text.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <optional>
#include <string>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_initial_slots = 8192;
constexpr std::size_t k_likely_words = 65'536;
constexpr std::size_t k_likely_length = 8;
constexpr std::size_t k_most_words = 200'000;
constexpr std::size_t k_most_text_bytes = 4'000'000;
constexpr std::size_t k_most_synonyms = 2'000'000;
constexpr std::size_t k_half_key = sizeof(std::uint64_t);
constexpr std::uint64_t k_each_byte = 0x0101010101010101U;
constexpr std::uint64_t k_high_bits = 0x80 * k_each_byte;

using Key = MeteorVocabulary::Key;

std::uint64_t hash_of(const Key& key) {
  constexpr std::uint64_t k_factor = 0xD6E8FEB86659FD93U;
  return hash_number(key.first ^ key.last * k_factor);
}

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

bool is_text(const Key& key) { return ((key.first | key.last) & k_high_bits) == 0; }

/// The bits of a key that a word of each length has.
constexpr std::array<Key, 2 * k_half_key + 1> k_key_masks = [] {
  std::array<Key, 2 * k_half_key + 1> masks{};
  for (std::size_t length = 0; length < masks.size(); ++length) {
    const auto low_bytes = [](std::size_t count) { return count == 0 ? 0 : ~std::uint64_t{} >> (64 - 8 * count); };
    masks[length].first = low_bytes(std::min(length, k_half_key));
    masks[length].last = low_bytes(length - std::min(length, k_half_key));
  }
  return masks;
}();

Key bytes_of(std::string_view word) {
  return word.size() <= k_half_key ? Key{load_up_to_8(word), 0}
                                   : Key{load_8(word.data()), load_up_to_8(word.substr(k_half_key))};
}

bool has_key_bytes(std::string_view around, const char* at) {
  const auto* const end = around.data() + around.size();
  return std::less_equal<>()(around.data(), at) && std::less<>()(at, end) && end - at >= std::ptrdiff_t{2 * k_half_key};
}

/// The bytes of a word as a key, if it is one of those that fit.
std::optional<Key> key_of_text(std::string_view word, std::string_view around) {
  if (word.empty() || word.size() > 2 * k_half_key || word.back() == '\0') {
    return std::nullopt;
  }
  Key key;
  if (has_key_bytes(around, word.data())) {
    const auto& mask = k_key_masks[word.size()];
    key = {load_8(word.data()) & mask.first, load_8(word.data() + k_half_key) & mask.last};
  } else {
    key = bytes_of(word);
  }
  return is_text(key) ? std::optional(key) : std::nullopt;
}

/// The key of a word whose text has to be compared.
Key key_of_other(std::string_view word) { return {word.empty() ? 0 : hash_word(word), k_high_bits | word.size()}; }

/// The text of a key that is one.
std::string text_of(const Key& key) {
  const auto length_of = [](std::uint64_t half) {
    return k_half_key - static_cast<std::size_t>(std::countl_zero(half)) / 8;
  };
  const std::size_t length = key.last == 0 ? length_of(key.first) : k_half_key + length_of(key.last);
  std::string text;
  for (std::size_t i = 0; i < length; ++i) {
    text += static_cast<char>((i < k_half_key ? key.first : key.last) >> (8 * (i % k_half_key)));
  }
  return text;
}

/// The ASCII letters among eight bytes in lower case; no byte may be above 0x7F.
std::uint64_t to_lower_bytes(std::uint64_t bytes) {
  const std::uint64_t from_a = bytes + k_each_byte * (0x80 - 'A');
  const std::uint64_t after_z = bytes + k_each_byte * (0x7F - 'Z');
  return bytes | ((from_a & ~after_z & k_high_bits) >> 2);
}

}  // namespace

MeteorVocabulary::MeteorVocabulary(const WordNet* wordnet) : wordnet_(wordnet) {
  if (wordnet_ != nullptr) {
    finder_.emplace(*wordnet_);
  }
  clear();
}

void MeteorVocabulary::clear() {
  slots_ = std::vector<Slot>(k_initial_slots);
  keys_ = {};
  words_ = {};
  stems_ = {};
  synonyms_ = {};
  text_ = {};
  lower_ = {};
  // Room that is not used costs no memory, growing step by step does.
  keys_.reserve(k_likely_words);
  words_.reserve(k_likely_words);
  stems_.reserve(k_likely_words);
  text_.reserve(k_likely_words * k_likely_length);
}

bool MeteorVocabulary::limit() {
  if (words_.size() <= k_most_words && text_.size() <= k_most_text_bytes && synonyms_.size() <= k_most_synonyms) {
    return false;
  }
  clear();
  return true;
}

void MeteorVocabulary::grow() {
  slots_ = std::vector<Slot>(2 * slots_.size());
  const std::size_t mask = slots_.size() - 1;
  for (Id id = 0; id < keys_.size(); ++id) {
    const auto hash = hash_of(keys_[id]);
    std::size_t at = hash & mask;
    while (slots_[at].word != 0) {
      at = (at + 1) & mask;
    }
    slots_[at] = {tag_of(hash), id + 1};
  }
}

/// The number of the word with this key; `word` is compared unless the key is its text.
MeteorVocabulary::Id MeteorVocabulary::find_or_add(const Key& key, std::string_view word) {
  const bool is_whole = is_text(key);
  const auto hash = hash_of(key);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].word != 0; at = (at + 1) & mask) {
    const Id id = slots_[at].word - 1;
    if (slots_[at].tag == tag_of(hash) && keys_[id] == key && (is_whole || text_of(words_[id]) == word)) {
      return id;
    }
  }
  slots_[at] = {tag_of(hash), static_cast<Id>(words_.size()) + 1};
  return is_whole ? add_new(key, metrics::text_of(key)) : add_new(key, word);
}

MeteorVocabulary::Id MeteorVocabulary::add_new(const Key& key, std::string_view word) {
  const auto id = static_cast<Id>(words_.size());
  keys_.push_back(key);
  words_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(word.size())});
  stems_.push_back(k_unknown);
  text_ += word;
  if (4 * words_.size() > 3 * slots_.size()) {
    grow();
  }
  return id;
}

MeteorVocabulary::Id MeteorVocabulary::add_lower(std::string_view word) {
  return find_or_add(key_of_text(word, {}).value_or(key_of_other(word)), word);
}

MeteorVocabulary::Id MeteorVocabulary::add(std::string_view token, std::string_view around) {
  if (auto key = key_of_text(token, around)) {
    key->first = to_lower_bytes(key->first);
    key->last = to_lower_bytes(key->last);
    return find_or_add(*key, {});
  }
  lower_.clear();
  python::append_lower(token, lower_);
  return add_lower(lower_);
}

MeteorVocabulary::Id MeteorVocabulary::stem(Id word) {
  if (stems_[word] == k_unknown) {
    lower_ = text_of(words_[word]);
    stem_porter(lower_);
    const Id stem = add_lower(lower_);
    stems_[word] = stem;
  }
  return stems_[word];
}

std::uint32_t MeteorVocabulary::name(Id word) {
  auto& entry = words_[word];
  if (entry.name == k_unknown) {
    entry.name = wordnet_ == nullptr ? k_none : wordnet_->find(text_of(entry)).value_or(k_none);
  }
  return entry.name;
}

std::span<const WordNet::Id> MeteorVocabulary::synonyms(Id word) {
  auto& entry = words_[word];
  if (entry.synonyms_begin == k_unknown) {
    entry.synonyms_begin = static_cast<std::uint32_t>(synonyms_.size());
    if (finder_) {
      const auto& found = finder_->find(text_of(entry));
      const auto end = std::find_if_not(found.begin(), found.end(), [&](auto id) { return wordnet_->is_lower(id); });
      synonyms_.insert(synonyms_.end(), found.begin(), end);
    }
    entry.synonyms_end = static_cast<std::uint32_t>(synonyms_.size());
  }
  return std::span(synonyms_).subspan(entry.synonyms_begin, entry.synonyms_end - entry.synonyms_begin);
}

}  // namespace lumi::metrics
