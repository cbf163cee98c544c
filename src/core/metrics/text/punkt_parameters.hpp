#pragma once
#include "base/hash.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::metrics {

/// What Punkt has learnt about the words of a language.
class PunktParameters {
public:
  /// What is known of a word type, as bits. The first six are NLTK's orthographic contexts.
  enum Fact : std::uint16_t {
    begins_upper = 2,
    within_upper = 4,
    somewhere_upper = 8,
    begins_lower = 16,
    within_lower = 32,
    somewhere_lower = 64,
    any_upper = 14,
    any_lower = 112,
    abbreviation = 128,
    sentence_starter = 256,
    starts_collocation = 512,
    collocation = 1024,  ///< of an entry "first<tab>second"
  };

  /// Common English abbreviations only.
  static PunktParameters make_builtin();

  /// Reads the four files of NLTK's punkt_tab data from `folder`. Throws system_error for a file that cannot be read,
  /// `invalid_input` for one that is damaged.
  static PunktParameters load(const std::filesystem::path& folder);

  /// Whether `folder` holds the four files.
  static bool is_in(const std::filesystem::path& folder);

  /// The facts of a word type, 0 for an unknown one.
  unsigned facts(std::string_view type) const {
    const auto& slot = slots_[find(type)];
    return slot.length == 0 ? 0U : slot.facts;
  }

  /// Where the parameters come from and which they are: "builtin-xxxxxxxx" or "nltk-data-xxxxxxxx".
  const std::string& name() const { return name_; }

private:
  struct Slot {
    std::uint32_t begin = 0;
    std::uint16_t length = 0;  ///< 0: free
    std::uint16_t facts = 0;
  };

  PunktParameters() = default;
  std::size_t find(std::string_view type) const {
    std::size_t at = hash_word(type) & (slots_.size() - 1);
    while (slots_[at].length != 0 && text_of(slots_[at]) != type) {
      at = (at + 1) & (slots_.size() - 1);
    }
    return at;
  }
  std::string_view text_of(const Slot& slot) const { return {text_.data() + slot.begin, slot.length}; }
  void make_room(std::size_t entries);
  bool add(std::string_view entry, unsigned facts);
  bool add_abbreviation(std::string_view line) { return add(line, abbreviation); }
  bool add_sentence_starter(std::string_view line) { return add(line, sentence_starter); }
  bool add_collocation(std::string_view line);
  bool add_context(std::string_view line);

  std::string text_;
  std::vector<Slot> slots_;
  std::string name_;
};

}  // namespace lumi::metrics
