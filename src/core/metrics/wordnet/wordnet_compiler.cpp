#include "core/metrics/wordnet/wordnet_compiler.hpp"

#include "base/error.hpp"
#include "base/hash.hpp"
#include "core/metrics/wordnet/wordnet_source.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace lumi::metrics {

namespace {

using wordnet_format::Header;
using wordnet_format::k_parts;
using wordnet_format::Word;

/// Numbers texts in the order of their coming, by a hash table like that of the compiled data. It keeps them, as they
/// are laid out there: the memory of the files they come from can go.
class Numbering {
public:
  explicit Numbering(std::size_t likely_count) : slots_(std::bit_ceil(likely_count + likely_count / 2 + 2)) {
    ends_.reserve(likely_count);
    texts_.reserve(likely_count * k_likely_length);
  }

  std::uint32_t number(std::string_view text) {
    if (size() + size() / 2 >= slots_.size()) {
      grow();
    }
    const auto hash = hash_word(text);
    auto& slot = slots_[place_of(hash, text)];
    if (slot == 0) {
      if (size() == wordnet_format::k_most_words) {
        throw Error(ErrorCode::invalid_input, "WordNet's files have too many words");
      }
      slot = wordnet_format::slot_of(hash, static_cast<std::uint32_t>(size()));
      texts_ += text;
      ends_.push_back(static_cast<std::uint32_t>(texts_.size()));
    }
    return wordnet_format::number_in(slot);
  }

  std::optional<std::uint32_t> find(std::string_view text) const {
    const auto slot = slots_[place_of(hash_word(text), text)];
    return slot == 0 ? std::nullopt : std::optional(wordnet_format::number_in(slot));
  }

  std::size_t size() const { return ends_.size(); }

  std::string_view text(std::size_t number) const {
    const auto begin = number == 0 ? 0 : ends_[number - 1];
    return std::string_view(texts_).substr(begin, ends_[number] - begin);
  }

  /// All texts one after the other, by their numbers.
  const std::string& texts() const { return texts_; }

  /// The slots as the compiled data has them.
  const std::vector<std::uint32_t>& slots() const { return slots_; }

private:
  static constexpr std::size_t k_likely_length = 13;

  /// Where the text is, or belongs.
  std::size_t place_of(std::uint64_t hash, std::string_view text) const {
    const std::size_t mask = slots_.size() - 1;
    const auto is_other = [&](std::uint32_t slot) {
      return !wordnet_format::is_tagged(slot, hash) || this->text(wordnet_format::number_in(slot)) != text;
    };
    std::size_t at = hash & mask;
    while (slots_[at] != 0 && is_other(slots_[at])) {
      at = (at + 1) & mask;
    }
    return at;
  }

  void grow() {
    slots_ = std::vector<std::uint32_t>(2 * slots_.size());
    for (std::uint32_t i = 0; i < size(); ++i) {
      const auto hash = hash_word(text(i));
      slots_[place_of(hash, text(i))] = wordnet_format::slot_of(hash, i);
    }
  }

  std::vector<std::uint32_t> slots_;
  std::string texts_;
  std::vector<std::uint32_t> ends_;  ///< of each text in `texts_`
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
  std::array<std::uint32_t, k_parts.size()> synsets;  ///< in `synset_offsets_`: how many, then their offsets
};

bool has_capital(std::string_view name) {
  return std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Gathers the contents of the files, then lays them out. Names with capitals have their own numbers until the number
/// of words is known.
class Compiler {
public:
  explicit Compiler(const WordNetSource& source)
      : source_(source), words_(source.index_bytes() / k_bytes_per_word), capitals_(words_.slots().size() / 16) {
    // Room for what is likely: memory that is not used costs nothing, but growing needs both the old and the new.
    const auto likely_words = source.index_bytes() / k_bytes_per_word;
    entries_.reserve(likely_words);
    synset_offsets_.reserve(3 * likely_words);
    synset_names_.reserve(2 * likely_words);
    first_lists_.reserve(likely_words);
    list_begins_.reserve(likely_words + likely_words / 8);
    items_.reserve(2 * likely_words);
  }

  std::string compile(std::uint64_t identity) {
    for (unsigned part = 0; part < k_parts.size(); ++part) {
      read_index(part);
      read_synsets(part);
    }
    for (unsigned part = 0; part < k_parts.size(); ++part) {
      read_exceptions(part);
    }
    make_lists();
    forget_sources();
    return write(identity);
  }

private:
  static constexpr std::uint32_t k_capital = 0x80000000U;
  static constexpr std::size_t k_bytes_per_word = 40;

  struct Synset {
    std::uint32_t offset;
    std::uint32_t names;  ///< in `synset_names_`: how many, then the names
  };

  std::uint32_t word_number(std::string_view word) {
    const auto number = words_.number(word);
    entries_.resize(words_.size());
    return number;
  }

  void read_index(unsigned part) {
    source_.for_each_index_line(part, [&](std::string_view lemma, const std::vector<std::uint64_t>& offsets) {
      auto& entry = entries_[word_number(lemma)];
      entry.indexed = static_cast<std::uint8_t>(entry.indexed | 1U << part);
      entry.synsets[part] = static_cast<std::uint32_t>(synset_offsets_.size());
      synset_offsets_.push_back(static_cast<std::uint32_t>(offsets.size()));
      for (const auto offset : offsets) {
        synset_offsets_.push_back(fits(offset) ? static_cast<std::uint32_t>(offset) : throw no_synset(offset, part));
      }
    });
  }

  void read_synsets(unsigned part) {
    source_.for_each_synset(part, [&](std::uint64_t offset, const std::vector<std::string_view>& names) {
      if (!fits(offset)) {
        throw source_.damaged("data", part, "it is too large");
      }
      const auto at = synset_names_.size();
      synset_names_.push_back(0);
      for (const auto name : names) {
        if (name.find('_') == std::string_view::npos) {
          synset_names_.push_back(has_capital(name) ? k_capital | capitals_.number(name) : word_number(name));
        }
      }
      synset_names_[at] = static_cast<std::uint32_t>(synset_names_.size() - at - 1);
      synsets_[part].push_back({static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(at)});
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
      form_ranges_[part][number] = {begin, static_cast<std::uint32_t>(forms_.size())};
    });
  }

  void add_form(std::uint32_t word, unsigned part) {
    if ((entries_[word].indexed >> part & 1U) != 0) {
      forms_.push_back(word);
    }
  }

  static bool fits(std::uint64_t offset) { return offset <= std::numeric_limits<std::uint32_t>::max(); }

  Error no_synset(std::uint64_t offset, unsigned part) const {
    return source_.damaged("index", part, "it names a synset at " + std::to_string(offset) + " that does not exist");
  }

  const Synset& synset_at(std::uint32_t offset, unsigned part) const {
    const auto& synsets = synsets_[part];
    const auto found =
        std::lower_bound(synsets.begin(), synsets.end(), offset, [](const Synset& synset, std::uint32_t at) {
          return synset.offset < at;
        });
    if (found == synsets.end() || found->offset != offset) {
      throw no_synset(offset, part);
    }
    return *found;
  }

  std::uint32_t final_number(std::uint32_t name) const {
    const auto words = static_cast<std::uint32_t>(words_.size());
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
    for (std::uint32_t number = 0; number < entries_.size(); ++number) {
      const auto& entry = entries_[number];
      first_lists_.push_back(static_cast<std::uint32_t>(list_begins_.size() - 1));
      for (unsigned part = 0; part < k_parts.size(); ++part) {
        if ((entry.indexed >> part & 1U) != 0) {
          collect_names(entry.synsets[part], part, list);
          add_list(list);
        }
      }
      for (unsigned part = 0; part < k_parts.size(); ++part) {
        if ((entry.exceptional >> part & 1U) != 0) {
          const auto range = form_ranges_[part].at(number);
          list.assign(forms_.begin() + range.begin, forms_.begin() + range.end);
          add_list(list);
        }
      }
    }
  }

  void collect_names(std::uint32_t offsets, unsigned part, std::vector<std::uint32_t>& names) const {
    names.clear();
    for (std::uint32_t i = 0; i < synset_offsets_[offsets]; ++i) {
      const auto at = synset_at(synset_offsets_[offsets + 1 + i], part).names;
      for (std::uint32_t k = 0; k < synset_names_[at]; ++k) {
        names.push_back(final_number(synset_names_[at + 1 + k]));
      }
    }
  }

  // What the lists were made of, before there is room for the result.
  void forget_sources() {
    for (auto* numbers : {&synset_offsets_, &synset_names_, &forms_}) {
      *numbers = std::vector<std::uint32_t>();
    }
    synsets_ = {};
    form_ranges_ = {};
  }

  // All but the checksum.
  Header header(std::uint64_t identity) const {
    Header header{};
    header.magic = wordnet_format::k_magic;
    header.byte_order = wordnet_format::k_byte_order;
    header.version = wordnet_format::k_version;
    header.identity = identity;
    header.words = static_cast<std::uint32_t>(words_.size());
    header.names = static_cast<std::uint32_t>(words_.size() + capitals_.size());
    header.lists = static_cast<std::uint32_t>(list_begins_.size() - 1);
    header.items = static_cast<std::uint32_t>(items_.size());
    header.slots = static_cast<std::uint32_t>(words_.slots().size());
    header.text_bytes = static_cast<std::uint32_t>(words_.texts().size() + capitals_.texts().size());
    for (std::size_t i = 0; i < words_.size(); ++i) {
      header.longest_word = std::max(header.longest_word, static_cast<std::uint32_t>(words_.text(i).size()));
    }
    return header;
  }

  std::string write(std::uint64_t identity) const {
    auto header = this->header(identity);
    std::string data;
    data.reserve(wordnet_format::layout_of(header).end);
    const auto append = [&](const auto* items, std::size_t count) {
      data.append(reinterpret_cast<const char*>(items), count * sizeof *items);
    };
    append(&header, 1);
    std::uint32_t text = 0;
    const auto append_word = [&](std::string_view name, Word word) {
      word.text = text;
      word.length = static_cast<std::uint16_t>(name.size());
      text += word.length;
      append(&word, 1);
    };
    for (std::size_t i = 0; i < words_.size(); ++i) {
      append_word(words_.text(i), {0, first_lists_[i], 0, entries_[i].indexed, entries_[i].exceptional});
    }
    for (std::size_t i = 0; i < capitals_.size(); ++i) {
      append_word(capitals_.text(i), {});
    }
    append(list_begins_.data(), list_begins_.size());
    append(items_.data(), items_.size());
    append(words_.slots().data(), words_.slots().size());
    data += words_.texts();
    data += capitals_.texts();
    header.checksum = checksum(std::string_view(data).substr(wordnet_format::k_checked_from));
    std::memcpy(data.data(), &header, sizeof header);
    return data;
  }

  const WordNetSource& source_;
  Numbering words_;
  Numbering capitals_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> synset_offsets_;
  std::array<std::vector<Synset>, k_parts.size()> synsets_;
  std::vector<std::uint32_t> synset_names_;
  std::vector<std::uint32_t> forms_;
  std::array<std::map<std::uint32_t, Range>, k_parts.size()> form_ranges_;  ///< in `forms_`, by word
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
