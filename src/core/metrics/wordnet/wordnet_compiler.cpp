#include "core/metrics/wordnet/wordnet_compiler.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "core/metrics/wordnet/wordnet_source.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::metrics {

namespace {

using wordnet_format::Header;
using wordnet_format::k_parts;
using wordnet_format::Word;

/// Numbers texts in the order of their coming, by a hash table like that of the compiled data.
class Numbering {
public:
  explicit Numbering(std::size_t likely_count) : slots_(std::bit_ceil(likely_count + likely_count / 2 + 2)) {
    texts_.reserve(likely_count);
  }

  std::uint32_t number(std::string_view text) {
    if (texts_.size() + texts_.size() / 2 >= slots_.size()) {
      grow();
    }
    auto& slot = slots_[slot_of(text)];
    if (slot == 0) {
      texts_.push_back(text);
      slot = static_cast<std::uint32_t>(texts_.size());
    }
    return slot - 1;
  }

  std::optional<std::uint32_t> find(std::string_view text) const {
    const auto slot = slots_[slot_of(text)];
    return slot == 0 ? std::nullopt : std::optional(slot - 1);
  }

  /// Texts by their numbers.
  const std::vector<std::string_view>& texts() const { return texts_; }

  /// Numbers plus one where the hashes of their texts say; 0 is free.
  const std::vector<std::uint32_t>& slots() const { return slots_; }

private:
  std::size_t slot_of(std::string_view text) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash_word(text) & mask;
    while (slots_[at] != 0 && texts_[slots_[at] - 1] != text) {
      at = (at + 1) & mask;
    }
    return at;
  }

  void grow() {
    slots_ = std::vector<std::uint32_t>(2 * slots_.size());
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      slots_[slot_of(texts_[i])] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<std::uint32_t> slots_;
  std::vector<std::string_view> texts_;
};

/// A stretch of a list of numbers.
struct Range {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// What is known of a word of the index while the data is compiled.
struct Entry {
  std::uint8_t indexed = 0;
  std::uint8_t exceptional = 0;
  std::array<Range, k_parts.size()> synsets;  ///< in `synset_offsets_`
  std::array<Range, k_parts.size()> forms;    ///< in `forms_`
};

bool has_capital(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Gathers the contents of the files, then lays them out. Names with capitals have their own numbers until the number
/// of words is known.
class Compiler {
public:
  explicit Compiler(const WordNetSource& source)
      : source_(source), words_(source.index_bytes() / k_bytes_per_word), capitals_(words_.slots().size() / 16) {}

  std::string compile(std::uint64_t identity) {
    for (unsigned part = 0; part < k_parts.size(); ++part) {
      read_index(part);
      read_synsets(part);
    }
    for (unsigned part = 0; part < k_parts.size(); ++part) {
      read_exceptions(part);
    }
    make_lists();
    return write(identity);
  }

private:
  static constexpr std::uint32_t k_capital = 0x80000000U;
  static constexpr std::size_t k_bytes_per_word = 40;

  struct Synset {
    std::uint64_t offset;
    Range names;  ///< in `synset_names_`
  };

  std::uint32_t word_number(std::string_view word) {
    const auto number = words_.number(word);
    entries_.resize(words_.texts().size());
    return number;
  }

  void read_index(unsigned part) {
    source_.for_each_index_line(part, [&](std::string_view lemma, const std::vector<std::uint64_t>& offsets) {
      auto& entry = entries_[word_number(lemma)];
      const auto begin = static_cast<std::uint32_t>(synset_offsets_.size());
      synset_offsets_.insert(synset_offsets_.end(), offsets.begin(), offsets.end());
      entry.indexed = static_cast<std::uint8_t>(entry.indexed | 1U << part);
      entry.synsets[part] = {begin, static_cast<std::uint32_t>(synset_offsets_.size())};
    });
  }

  void read_synsets(unsigned part) {
    source_.for_each_synset(part, [&](std::uint64_t offset, const std::vector<std::string_view>& names) {
      const auto begin = static_cast<std::uint32_t>(synset_names_.size());
      for (const auto name : names) {
        if (name.find('_') == std::string_view::npos) {
          synset_names_.push_back(has_capital(name) ? k_capital | capitals_.number(name) : word_number(name));
        }
      }
      synsets_[part].push_back({offset, {begin, static_cast<std::uint32_t>(synset_names_.size())}});
    });
  }

  void read_exceptions(unsigned part) {
    source_.for_each_exception(part, [&](std::string_view word, const std::vector<std::string_view>& bases) {
      const auto number = word_number(word);
      const auto begin = static_cast<std::uint32_t>(forms_.size());
      add_form(number, part);
      for (const auto base : bases) {
        if (const auto known = words_.find(base)) {
          add_form(*known, part);
        }
      }
      auto& entry = entries_[number];
      entry.exceptional = static_cast<std::uint8_t>(entry.exceptional | 1U << part);
      entry.forms[part] = {begin, static_cast<std::uint32_t>(forms_.size())};
    });
  }

  void add_form(std::uint32_t word, unsigned part) {
    if ((entries_[word].indexed >> part & 1U) != 0) {
      forms_.push_back(word);
    }
  }

  const Synset& synset_at(std::uint64_t offset, unsigned part) const {
    const auto& synsets = synsets_[part];
    const auto found =
        std::lower_bound(synsets.begin(), synsets.end(), offset, [](const Synset& synset, std::uint64_t at) {
          return synset.offset < at;
        });
    if (found == synsets.end() || found->offset != offset) {
      throw source_.damaged("index", part, "it names a synset at " + std::to_string(offset) + " that does not exist");
    }
    return *found;
  }

  std::uint32_t final_number(std::uint32_t name) const {
    const auto words = static_cast<std::uint32_t>(words_.texts().size());
    return (name & k_capital) != 0 ? words + (name & ~k_capital) : name;
  }

  void add_list(std::vector<std::uint32_t>& items) {
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    items_.insert(items_.end(), items.begin(), items.end());
    list_begins_.push_back(static_cast<std::uint32_t>(items_.size()));
  }

  void make_lists() {
    list_begins_.push_back(0);
    std::vector<std::uint32_t> list;
    for (const auto& entry : entries_) {
      first_lists_.push_back(static_cast<std::uint32_t>(list_begins_.size() - 1));
      for (unsigned part = 0; part < k_parts.size(); ++part) {
        if ((entry.indexed >> part & 1U) != 0) {
          collect_names(entry.synsets[part], part, list);
          add_list(list);
        }
      }
      for (unsigned part = 0; part < k_parts.size(); ++part) {
        if ((entry.exceptional >> part & 1U) != 0) {
          list.assign(forms_.begin() + entry.forms[part].begin, forms_.begin() + entry.forms[part].end);
          add_list(list);
        }
      }
    }
  }

  void collect_names(Range offsets, unsigned part, std::vector<std::uint32_t>& names) const {
    names.clear();
    for (auto i = offsets.begin; i < offsets.end; ++i) {
      const auto& synset = synset_at(synset_offsets_[i], part);
      for (auto k = synset.names.begin; k < synset.names.end; ++k) {
        names.push_back(final_number(synset_names_[k]));
      }
    }
  }

  std::string write(std::uint64_t identity) const {
    std::vector<Word> words;
    std::string text;
    const auto add = [&](std::string_view name, const Word& rest) {
      Word word = rest;
      word.text = static_cast<std::uint32_t>(text.size());
      word.length = static_cast<std::uint16_t>(name.size());
      text += name;
      words.push_back(word);
    };
    std::size_t longest = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      add(words_.texts()[i], {0, first_lists_[i], 0, entries_[i].indexed, entries_[i].exceptional});
      longest = std::max(longest, words_.texts()[i].size());
    }
    for (const auto name : capitals_.texts()) {
      add(name, {});
    }
    Header header{wordnet_format::k_magic,
                  wordnet_format::k_byte_order,
                  wordnet_format::k_version,
                  identity,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0,
                  0};
    header.words = static_cast<std::uint32_t>(entries_.size());
    header.names = static_cast<std::uint32_t>(words.size());
    header.lists = static_cast<std::uint32_t>(list_begins_.size() - 1);
    header.items = static_cast<std::uint32_t>(items_.size());
    header.slots = static_cast<std::uint32_t>(words_.slots().size());
    header.text_bytes = static_cast<std::uint32_t>(text.size());
    header.longest_word = static_cast<std::uint32_t>(longest);

    std::string data(sizeof header, '\0');
    data.reserve(wordnet_format::layout_of(header).end);
    const auto append = [&](const auto& array) {
      data.append(reinterpret_cast<const char*>(array.data()), array.size() * sizeof(array[0]));
    };
    append(words);
    append(list_begins_);
    append(items_);
    append(words_.slots());
    data += text;
    std::memcpy(data.data(), &header, sizeof header);
    header.checksum = checksum(std::string_view(data).substr(wordnet_format::k_checked_from));
    std::memcpy(data.data(), &header, sizeof header);
    return data;
  }

  const WordNetSource& source_;
  Numbering words_;
  Numbering capitals_;
  std::vector<Entry> entries_;
  std::vector<std::uint64_t> synset_offsets_;
  std::array<std::vector<Synset>, k_parts.size()> synsets_;
  std::vector<std::uint32_t> synset_names_;
  std::vector<std::uint32_t> forms_;
  std::vector<std::uint32_t> first_lists_;
  std::vector<std::uint32_t> list_begins_;
  std::vector<std::uint32_t> items_;
};

}  // namespace

std::string compile_wordnet(const std::filesystem::path& folder, std::uint64_t identity) {
  const WordNetSource source(folder);
  return Compiler(source).compile(identity);
}

}  // namespace lumi::metrics
