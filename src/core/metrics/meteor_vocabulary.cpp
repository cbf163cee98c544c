#include "core/metrics/meteor_vocabulary.hpp"

#include "base/hash.hpp"
#include "core/metrics/text/porter_stemmer.hpp"
#include "core/metrics/text/python_text.hpp"

#include <algorithm>

namespace lumi::metrics {

namespace {

constexpr std::size_t k_initial_slots = 4096;
constexpr std::size_t k_most_words = 200'000;
constexpr std::size_t k_most_text_bytes = 4'000'000;
constexpr std::size_t k_most_synonyms = 2'000'000;
constexpr std::size_t k_short = sizeof(std::uint64_t);

std::size_t hash_of(std::uint64_t key, std::size_t length) {
  const std::uint64_t hash = (key + length) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 32);
}

/// The ASCII letters among eight bytes in lower case; no byte may be above 0x7F.
std::uint64_t to_lower_bytes(std::uint64_t bytes) {
  constexpr std::uint64_t k_each = 0x0101010101010101U;
  const std::uint64_t from_a = bytes + k_each * (0x80 - 'A');
  const std::uint64_t after_z = bytes + k_each * (0x7F - 'Z');
  return bytes | ((from_a & ~after_z & (k_each * 0x80)) >> 2);
}

bool has_non_ascii(std::uint64_t bytes) { return (bytes & 0x8080808080808080U) != 0; }

}  // namespace

MeteorVocabulary::MeteorVocabulary(const WordNet* wordnet) : wordnet_(wordnet) {
  if (wordnet_ != nullptr) {
    finder_.emplace(*wordnet_);
  }
  clear();
}

void MeteorVocabulary::clear() {
  slots_ = std::vector<Slot>(k_initial_slots);
  words_ = {};
  stems_ = {};
  synonyms_ = {};
  text_ = {};
  lower_ = {};
}

bool MeteorVocabulary::limit() {
  if (words_.size() <= k_most_words && text_.size() <= k_most_text_bytes && synonyms_.size() <= k_most_synonyms) {
    return false;
  }
  clear();
  return true;
}

void MeteorVocabulary::grow() {
  std::vector<Slot> larger(4 * slots_.size());
  const std::size_t mask = larger.size() - 1;
  for (const auto& slot : slots_) {
    if (slot.word != 0) {
      std::size_t at = hash_of(slot.key, slot.length) & mask;
      while (larger[at].word != 0) {
        at = (at + 1) & mask;
      }
      larger[at] = slot;
    }
  }
  slots_ = std::move(larger);
}

/// The index of the slot of the word, or of the free one where it belongs. A short word is compared
/// by its key alone.
std::size_t MeteorVocabulary::find_slot(std::uint64_t key, std::string_view word) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash_of(key, word.size()) & mask;
  for (; slots_[at].word != 0; at = (at + 1) & mask) {
    const auto& slot = slots_[at];
    if (slot.key == key && slot.length == word.size() &&
        (word.size() <= k_short || text_of(words_[slot.word - 1]) == word)) {
      break;
    }
  }
  return at;
}

MeteorVocabulary::Id MeteorVocabulary::add_new(Slot& slot, std::uint64_t key, std::string_view word) {
  const auto id = static_cast<Id>(words_.size());
  slot = {key, static_cast<std::uint32_t>(word.size()), id + 1};
  words_.push_back({static_cast<std::uint32_t>(text_.size()), static_cast<std::uint32_t>(word.size())});
  stems_.push_back(k_unknown);
  text_ += word;
  if (2 * words_.size() > slots_.size()) {
    grow();
  }
  return id;
}

MeteorVocabulary::Id MeteorVocabulary::add_lower(std::string_view word) {
  const auto key = word.empty() ? 0 : word.size() <= k_short ? load_up_to_8(word) : hash_word(word);
  auto& slot = slots_[find_slot(key, word)];
  return slot.word != 0 ? slot.word - 1 : add_new(slot, key, word);
}

MeteorVocabulary::Lookup MeteorVocabulary::begin_add(std::string_view token) {
  if (!token.empty() && token.size() <= k_short) {
    const auto bytes = load_up_to_8(token);
    if (!has_non_ascii(bytes)) {
      const auto key = to_lower_bytes(bytes);
      __builtin_prefetch(&slots_[hash_of(key, token.size()) & (slots_.size() - 1)]);
      return {key, static_cast<std::uint32_t>(token.size())};
    }
  }
  lower_.clear();
  python::append_lower(token, lower_);
  return {0, 0, add_lower(lower_)};
}

MeteorVocabulary::Id MeteorVocabulary::finish_add(const Lookup& lookup) {
  if (lookup.length == 0) {
    return lookup.id;
  }
  const auto bytes = bytes_of_up_to_8(lookup.key, lookup.length);
  const std::string_view word(bytes.data(), lookup.length);
  auto& slot = slots_[find_slot(lookup.key, word)];
  return slot.word != 0 ? slot.word - 1 : add_new(slot, lookup.key, word);
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
