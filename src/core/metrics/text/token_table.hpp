#pragma once
#include "base/hash.hpp"
#include "core/metrics/text/load.hpp"
#include "core/metrics/text/slot_table.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

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
    const Slot wanted{is_short ? load_up_to_eight(token, length) : hash_long(token, length), token, length};
    Slot& slot = slots_.find(wanted.hash(), [&](const Slot& other) {
      return other.key == wanted.key && other.length == length &&
             (is_short || is_same_long(other.token, token, length));
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

    std::uint64_t hash() const { return hash_number(key + length); }
  };

  static bool is_same_long(const char* a, const char* b, std::size_t length) {
    std::size_t at = 0;
    while (at < length && load_up_to_eight(a + at, length - at) == load_up_to_eight(b + at, length - at)) {
      at += sizeof(std::uint64_t);
    }
    return at >= length;
  }

  static std::uint64_t hash_long(const char* token, std::size_t length) {
    std::uint64_t hash = length;
    for (std::size_t at = 0; at < length; at += sizeof hash) {
      hash = std::rotl(hash_number(hash ^ load_up_to_eight(token + at, length - at)), 23);
    }
    return hash;
  }

  SlotTable<Slot> slots_;
};

}  // namespace lumi::metrics
