#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace lumi::metrics {

/// An open-addressing hash table for many small texts in turn: emptying it costs nothing and its memory is kept, yet
/// only the part that a text needs is touched. `Slot` has `hash()`, and a `round` that the table alone sets.
template <class Slot>
class SlotTable {
public:
  /// Empties the table and makes room for about `expected` entries; it grows when there are more.
  void reset(std::size_t expected) {
    const std::size_t needed = std::bit_ceil(std::max<std::size_t>(2 * expected, 16));
    if (slots_.size() < needed) {
      slots_.assign(needed, Slot());
      round_ = 0;
    }
    if (++round_ == 0) {
      std::fill(slots_.begin(), slots_.end(), Slot());
      round_ = 1;
    }
    mask_ = needed - 1;
    used_ = 0;
  }

  /// The slot with this hash for which `is_same` holds, or the free one where it belongs.
  template <class IsSame>
  Slot& find(std::uint64_t hash, IsSame is_same) {
    std::size_t at = hash & mask_;
    while (is_used(slots_[at]) && !is_same(slots_[at])) {
      at = (at + 1) & mask_;
    }
    return slots_[at];
  }

  bool is_used(const Slot& slot) const { return slot.round == round_; }

  /// Fills a free slot that `find` gave. References to slots are good until the next call of this.
  Slot& fill(Slot& slot, const Slot& content) {
    slot = content;
    slot.round = round_;
    return 2 * ++used_ > mask_ ? grow(slot) : slot;
  }

  std::size_t size() const { return used_; }

private:
  Slot& grow(const Slot& wanted) {
    const Slot* const wanted_address = &wanted;
    std::vector<Slot> old(std::max(slots_.size(), 4 * (mask_ + 1)));
    std::swap(old, slots_);
    const std::size_t old_size = mask_ + 1;
    mask_ = 4 * old_size - 1;
    std::size_t found = 0;
    for (std::size_t i = 0; i < old_size; ++i) {
      if (is_used(old[i])) {
        Slot& slot = find(old[i].hash(), [](const Slot&) { return false; });
        slot = old[i];
        found = &old[i] == wanted_address ? static_cast<std::size_t>(&slot - slots_.data()) : found;
      }
    }
    return slots_[found];
  }

  std::vector<Slot> slots_;
  std::size_t mask_ = 0;
  std::size_t used_ = 0;
  std::uint32_t round_ = 0;
};

}  // namespace lumi::metrics
