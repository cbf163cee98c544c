#pragma once
#include "base/hash.hpp"
#include "core/metrics/text/slot_table.hpp"

#include <cstddef>
#include <cstdint>

namespace lumi::metrics {

/// How often an n-gram of the references may still be matched.
struct NGramCount {
  std::uint32_t available = 0;  ///< its most occurrences in one reference, less those matched
  std::uint32_t counted = 0;    ///< occurrences in the reference being read
  std::uint32_t reference = 0;  ///< which reference that is, from 1 on

  /// Notes an occurrence in a reference.
  void count_in(std::uint32_t which) {
    counted = reference == which ? counted + 1 : 1;
    reference = which;
    available = counted > available ? counted : available;
  }

  /// Uses up one occurrence; 1 if there was one, else 0.
  std::uint32_t match() {
    const std::uint32_t matched = available > 0 ? 1 : 0;
    available -= matched;
    return matched;
  }
};

/// The n-grams of a sample's references, each found by the n-gram that it extends and its last token.
class NGramTable {
public:
  struct Slot {
    std::uint64_t key = 0;
    NGramCount count;
    std::uint32_t id = 0;  ///< names the n-gram where a longer one extends it
    std::uint32_t round = 0;

    std::uint64_t hash() const { return hash_number(key); }
  };

  /// Forgets all n-grams and makes room for about `expected` new ones; their ids start at `first_id`.
  void reset(std::size_t expected, std::uint32_t first_id) {
    slots_.reset(expected);
    next_id_ = first_id;
  }

  /// The n-gram that `token` makes of `prefix`, new if need be. Good until the next call.
  Slot& insert(std::uint32_t prefix, std::uint32_t token) {
    Slot& slot = find_slot(prefix, token);
    return slots_.is_used(slot) ? slot : slots_.fill(slot, {key_of(prefix, token), {}, next_id_++});
  }

  /// The n-gram that `token` makes of `prefix`, or null.
  Slot* find(std::uint32_t prefix, std::uint32_t token) {
    Slot& slot = find_slot(prefix, token);
    return slots_.is_used(slot) ? &slot : nullptr;
  }

private:
  static std::uint64_t key_of(std::uint32_t prefix, std::uint32_t token) {
    return (static_cast<std::uint64_t>(prefix) << 32) | token;
  }

  Slot& find_slot(std::uint32_t prefix, std::uint32_t token) {
    const auto key = key_of(prefix, token);
    return slots_.find(hash_number(key), [key](const Slot& slot) { return slot.key == key; });
  }

  SlotTable<Slot> slots_;
  std::uint32_t next_id_ = 0;
};

}  // namespace lumi::metrics
