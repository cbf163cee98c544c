#include "core/metrics/wordnet/wordnet.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace lumi::metrics {

namespace {

using wordnet_format::Header;
using wordnet_format::k_parts;

/// An ending that morphy takes off a word and what it puts there; `cut` of the ending's letters go.
struct Ending {
  std::string_view ending;
  std::size_t cut;
  std::string_view added;
};

constexpr std::array<Ending, 9> k_noun_rules{{{"s", 1, ""},
                                              {"ses", 2, ""},
                                              {"ves", 3, "f"},
                                              {"xes", 2, ""},
                                              {"zes", 2, ""},
                                              {"ches", 2, ""},
                                              {"shes", 2, ""},
                                              {"men", 2, "an"},
                                              {"ies", 3, "y"}}};
constexpr std::array<Ending, 8> k_verb_rules{{{"s", 1, ""},
                                              {"ies", 3, "y"},
                                              {"es", 1, ""},
                                              {"es", 2, ""},
                                              {"ed", 1, ""},
                                              {"ed", 2, ""},
                                              {"ing", 3, "e"},
                                              {"ing", 3, ""}}};
constexpr std::array<Ending, 4> k_adjective_rules{{{"er", 2, ""}, {"est", 3, ""}, {"er", 1, ""}, {"est", 2, ""}}};

std::span<const Ending> rules_of(unsigned part) {
  switch (part) {
  case 0:
    return k_noun_rules;
  case 1:
    return k_verb_rules;
  case 2:
    return k_adjective_rules;
  default:
    return {};
  }
}

bool has(unsigned bits, unsigned part) { return (bits >> part & 1U) != 0; }

Header read_header(std::string_view data, std::uint64_t identity) {
  const auto refuse = [](const char* why) {
    return Error(ErrorCode::invalid_input, std::string("compiled WordNet data ") + why);
  };
  Header header{};
  if (data.size() < sizeof header) {
    throw refuse("is too short");
  }
  std::memcpy(&header, data.data(), sizeof header);
  if (header.magic != wordnet_format::k_magic || header.byte_order != wordnet_format::k_byte_order ||
      header.version != wordnet_format::k_version) {
    throw refuse("is of another format");
  }
  if (header.identity != identity) {
    throw refuse("was made from other files");
  }
  if (wordnet_format::layout_of(header).end != data.size() || !std::has_single_bit(header.slots) ||
      checksum(data.substr(wordnet_format::k_checked_from)) != header.checksum) {
    throw refuse("is damaged");
  }
  return header;
}

}  // namespace

WordNet::WordNet(std::string_view data, std::uint64_t identity) {
  const auto header = read_header(data, identity);
  const auto layout = wordnet_format::layout_of(header);
  words_ = header.words;
  longest_word_ = header.longest_word;
  slot_mask_ = header.slots - 1;
  checksum_ = header.checksum;
  const auto numbers_at = [&](std::uint64_t offset) {
    return reinterpret_cast<const std::uint32_t*>(data.data() + offset);
  };
  entries_ = reinterpret_cast<const wordnet_format::Word*>(data.data() + layout.entries);
  list_begins_ = numbers_at(layout.list_begins);
  list_items_ = numbers_at(layout.items);
  slots_ = numbers_at(layout.slots);
  text_ = data.data() + layout.text;
}

std::optional<WordNet::Id> WordNet::find(std::string_view word) const {
  if (word.size() > longest_word_) {
    return std::nullopt;
  }
  const auto hash = hash_word(word);
  for (std::size_t at = hash & slot_mask_; slots_[at] != 0; at = (at + 1) & slot_mask_) {
    const Id id = wordnet_format::number_in(slots_[at]);
    if (wordnet_format::is_tagged(slots_[at], hash) && name(id) == word) {
      return id;
    }
  }
  return std::nullopt;
}

std::string_view WordNet::name(Id id) const { return {text_ + entries_[id].text, entries_[id].length}; }

const std::vector<WordNet::Id>& SynonymFinder::find(std::string_view word) {
  found_.clear();
  const auto id = wordnet_.find(word);
  for (unsigned part = 0; part < k_parts.size(); ++part) {
    add_forms(word, id, part);
  }
  std::sort(found_.begin(), found_.end());
  found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
  return found_;
}

void SynonymFinder::add_list(std::uint32_t list) {
  found_.insert(found_.end(),
                wordnet_.list_items_ + wordnet_.list_begins_[list],
                wordnet_.list_items_ + wordnet_.list_begins_[list + 1]);
}

bool SynonymFinder::add_indexed(WordNet::Id id, unsigned part) {
  const auto& entry = wordnet_.entries_[id];
  if (!has(entry.indexed, part)) {
    return false;
  }
  add_list(entry.first_list + wordnet_format::list_index(entry.indexed, part));
  return true;
}

bool SynonymFinder::add_form(std::string_view form, unsigned part) {
  const auto id = wordnet_.find(form);
  return id && add_indexed(*id, part);
}

void SynonymFinder::add_forms(std::string_view word, std::optional<WordNet::Id> id, unsigned part) {
  if (id && has(wordnet_.entries_[*id].exceptional, part)) {
    const auto& entry = wordnet_.entries_[*id];
    const auto list = entry.first_list + static_cast<std::uint32_t>(std::popcount(entry.indexed)) +
                      wordnet_format::list_index(entry.exceptional, part);
    for (auto item = wordnet_.list_begins_[list]; item < wordnet_.list_begins_[list + 1]; ++item) {
      add_indexed(wordnet_.list_items_[item], part);
    }
    return;
  }
  visited_.assign(word.size() + 1, false);
  next_level_.clear();
  bool is_found = id && add_indexed(*id, part);
  is_found |= apply_rules(word, part, word.size());
  // Rules go on being applied to what they gave until some form is a word. A form is the beginning of the word: endings
  // with other letters than the word's are never changed again. One that was no word before is none later either, so it
  // is tried once, which keeps this linear where words like "seseses" would double the forms at each step.
  while (!is_found && !next_level_.empty()) {
    level_.swap(next_level_);
    next_level_.clear();
    for (const std::size_t length : level_) {
      is_found |= apply_rules(word, part, length);
    }
  }
}

/// Tries each form that one rule makes of the first `length` letters; those that are a beginning of the word go to the
/// next level. Returns whether one is a word of this part of speech.
bool SynonymFinder::apply_rules(std::string_view word, unsigned part, std::size_t length) {
  const auto base = word.substr(0, length);
  bool is_found = false;
  for (const auto& rule : rules_of(part)) {
    if (!base.ends_with(rule.ending)) {
      continue;
    }
    const auto kept = base.substr(0, length - rule.cut);
    if (!rule.added.empty()) {
      form_ = kept;
      form_ += rule.added;
      is_found |= add_form(form_, part);
    } else if (!visited_[kept.size()]) {
      visited_[kept.size()] = true;
      next_level_.push_back(kept.size());
      is_found |= add_form(kept, part);
    }
  }
  return is_found;
}

}  // namespace lumi::metrics
