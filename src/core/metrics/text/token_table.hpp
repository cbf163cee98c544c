#pragma once
#include "core/metrics/text/slot_table.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lumi::metrics {

/// Numbers the tokens of a sample: the same id for the same bytes.
class TokenTable {
public:
  /// So many bytes after the end of a token must be readable.
  static constexpr std::size_t k_padding = 8;

  /// Forgets all tokens and makes room for about `expected` new ones.
  void reset(std::size_t expected) { slots_.reset(expected); }

  /// The id of a token of at least one byte: 0, 1, 2, ... in the order of first appearance. The bytes must stay where
  /// they are until `reset`.
  std::uint32_t intern(const char* token, std::size_t length) {
    const bool is_short = length <= sizeof(std::uint64_t);
    const Slot wanted{is_short ? load(token, length) : hash_long(token, length), token, length};
    Slot& slot = slots_.find(wanted.hash(), [&](const Slot& other) {
      return other.key == wanted.key && other.length == length &&
             (is_short || std::memcmp(other.token, token, length) == 0);
    });
    if (slots_.is_used(slot)) {
      return slot.id;
    }
    const std::uint32_t id = size();
    slots_.fill(slot, {wanted.key, token, length, id});
    return id;
  }

  /// How many different tokens there are.
  std::uint32_t size() const { return static_cast<std::uint32_t>(slots_.size()); }

private:
  struct Slot {
    std::uint64_t key = 0;  ///< the bytes of a short token, the hash of a long one
    const char* token = nullptr;
    std::size_t length = 0;
    std::uint32_t id = 0;
    std::uint32_t round = 0;

    std::uint64_t hash() const { return mix(key + length); }
  };

  /// The first `length` bytes, at least one; all eight if there are so many.
  static std::uint64_t load(const char* bytes, std::size_t length) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes, sizeof word);
    if (length >= sizeof word) {
      return word;
    }
    const auto unused = 8 * (sizeof word - length);
    return std::endian::native == std::endian::little ? word << unused >> unused : word >> unused;
  }

  static std::uint64_t hash_long(const char* token, std::size_t length) {
    std::uint64_t hash = length;
    for (std::size_t at = 0; at < length; at += sizeof hash) {
      hash = std::rotl(mix(hash ^ load(token + at, length - at)), 23);
    }
    return hash;
  }

  SlotTable<Slot> slots_;
};

}  // namespace lumi::metrics
