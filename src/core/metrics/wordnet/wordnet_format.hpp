#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// Compiled WordNet data: a header, then arrays that are used where they lie. Words come first, then names with capital
/// letters, which are only results. Lists hold numbers of words and names in ascending order.
namespace lumi::metrics::wordnet_format {

constexpr std::uint32_t k_version = 2;  ///< raise it with any change here or in hash_word

/// The parts of speech, in the order in which NLTK asks for them.
constexpr std::array<std::string_view, 4> k_parts{"noun", "verb", "adj", "adv"};

struct Header {
  std::array<char, 8> magic;
  std::uint32_t byte_order;
  std::uint32_t version;
  std::uint64_t identity;  ///< of the files this was made from
  std::uint64_t checksum;  ///< of all bytes after this number
  std::uint32_t words;
  std::uint32_t names;  ///< entries in all, words included
  std::uint32_t lists;
  std::uint32_t items;  ///< numbers in all lists
  std::uint32_t slots;  ///< of the hash table; a power of two
  std::uint32_t text_bytes;
  std::uint32_t longest_word;  ///< in bytes
  std::uint32_t unused;
};

/// The bytes that the checksum covers; it depends on what the data says, not on where it comes from.
constexpr std::size_t k_checked_from = offsetof(Header, checksum) + sizeof(Header::checksum);

/// An entry. For each part of speech in `indexed` it has a list of the names in its synsets; then for each in
/// `exceptional` a list of the words that its irregular forms stand for, which replace the rules.
struct Word {
  std::uint32_t text;
  std::uint32_t first_list;
  std::uint16_t length;
  std::uint8_t indexed;      ///< bits by part of speech
  std::uint8_t exceptional;  ///< bits by part of speech
};

constexpr std::array<char, 8> k_magic{'l', 'u', 'm', 'i', '-', 'w', 'n', '\n'};
constexpr std::uint32_t k_byte_order = 0x01020304;

/// What a slot of the hash table holds; 0: free. The tag, the high bits of the word's hash, lies above its number plus
/// one, so that hardly any other word is looked at.
constexpr unsigned k_number_bits = 24;
constexpr std::uint32_t k_most_words = (1U << k_number_bits) - 1;

constexpr std::uint32_t slot_of(std::uint64_t hash, std::uint32_t number) {
  return (static_cast<std::uint32_t>(hash >> 32) & ~k_most_words) | (number + 1);
}
constexpr std::uint32_t number_in(std::uint32_t slot) { return (slot & k_most_words) - 1; }

/// Whether the word in a slot may have this hash.
constexpr bool is_tagged(std::uint32_t slot, std::uint64_t hash) {
  return ((slot ^ slot_of(hash, 0)) & ~k_most_words) == 0;
}

/// Where the arrays lie, in bytes from the beginning: entries, list_begins (lists + 1), items, slots, text.
struct Layout {
  std::uint64_t entries;
  std::uint64_t list_begins;
  std::uint64_t items;
  std::uint64_t slots;
  std::uint64_t text;
  std::uint64_t end;
};

constexpr Layout layout_of(const Header& header) {
  constexpr std::uint64_t k_number = sizeof(std::uint32_t);
  Layout layout{};
  layout.entries = sizeof(Header);
  layout.list_begins = layout.entries + sizeof(Word) * header.names;
  layout.items = layout.list_begins + k_number * (std::uint64_t{header.lists} + 1);
  layout.slots = layout.items + k_number * header.items;
  layout.text = layout.slots + k_number * header.slots;
  layout.end = layout.text + header.text_bytes;
  return layout;
}

/// Which list of a word is that of `part`: lists follow each other in the order of the bits.
constexpr std::uint32_t list_index(unsigned bits, unsigned part) {
  return static_cast<std::uint32_t>(std::popcount(bits & ((1U << part) - 1)));
}

}  // namespace lumi::metrics::wordnet_format
