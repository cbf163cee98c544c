#pragma once
#include "core/metrics/text/load.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace lumi::metrics {

/// How many bytes are classified at a time; as many must be readable.
constexpr std::size_t k_class_block = 64;

constexpr bool is_between(std::uint8_t byte, std::uint8_t first, std::uint8_t last) {
  return static_cast<std::uint8_t>(byte - first) <= static_cast<std::uint8_t>(last - first);
}

constexpr bool is_ascii_letter(std::uint8_t byte) {
  return is_between(static_cast<std::uint8_t>(byte | 0x20U), 'a', 'z');
}

constexpr bool is_ascii_digit(std::uint8_t byte) { return is_between(byte, '0', '9'); }

/// The bit of class `k` if it is the byte's.
template <std::size_t k>
constexpr std::uint8_t class_bit(bool is_member) {
  return is_member ? std::uint8_t{1U << k} : std::uint8_t{0};
}

/// For classes 0 to `count` - 1, which of the 64 bytes at `bytes` belong to them: bit i stands for byte i. `classify`
/// gives the classes of one byte as bits, without branches: the irregular lengths of words then cost nothing, and the
/// compiler does many bytes at once.
template <std::size_t count, class Classify>
std::array<std::uint64_t, count> find_classes(const char* bytes, Classify classify) {
  std::array<std::uint8_t, k_class_block> flags;
  for (std::size_t i = 0; i < k_class_block; ++i) {
    flags[i] = classify(static_cast<std::uint8_t>(bytes[i]));
  }
  constexpr std::uint64_t k_lowest_bits = 0x0101010101010101U;
  constexpr std::uint64_t k_gather = 0x0102040810204080U;  // moves the lowest bits of 8 bytes into the top byte
  std::array<std::uint64_t, count> found{};
  for (std::size_t at = 0; at < k_class_block; at += 8) {
    const std::uint64_t eight = load_eight(flags.data() + at);
    for (std::size_t k = 0; k < count; ++k) {
      found[k] |= (((eight >> k) & k_lowest_bits) * k_gather >> 56) << at;
    }
  }
  return found;
}

}  // namespace lumi::metrics
