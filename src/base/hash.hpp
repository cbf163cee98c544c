#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace lumi {

/// A 64-bit hash for short texts in tables. Files that hold such tables name their format: a change here is a new one.
inline std::uint64_t hash_word(std::string_view word);

/// Spreads a difference in any bit over the low bits and others; different values stay different.
inline std::uint64_t hash_number(std::uint64_t value);

/// A 64-bit checksum of many bytes: one changed word of eight bytes always changes it. No protection against intent.
std::uint64_t checksum(std::string_view bytes);

/// One to eight bytes as a number, the first byte the lowest, zeros above the last.
inline std::uint64_t load_up_to_8(std::string_view bytes);

/// Eight bytes as a number, the first byte the lowest.
inline std::uint64_t load_8(const char* bytes);

/// 16 lower-case hexadecimal digits.
std::string to_hex(std::uint64_t value);

// Implementation of the inline parts.

namespace detail {

constexpr std::uint64_t k_multiplier = 0x9E3779B97F4A7C15U;

template <class Integer>
std::uint64_t load(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof value);
  if constexpr (std::endian::native == std::endian::big) {
    auto* const begin = reinterpret_cast<unsigned char*>(&value);
    std::reverse(begin, begin + sizeof value);
  }
  return value;
}

}  // namespace detail

inline std::uint64_t hash_number(std::uint64_t value) {
  value ^= value >> 32;
  value *= detail::k_multiplier;
  return value ^ (value >> 32);
}

inline std::uint64_t load_8(const char* bytes) { return detail::load<std::uint64_t>(bytes); }

inline std::uint64_t load_up_to_8(std::string_view bytes) {
  // Loads that overlap agree where they do.
  const char* const at = bytes.data();
  const std::size_t last = bytes.size() - 1;
  if (last >= 3) {
    return detail::load<std::uint32_t>(at) | detail::load<std::uint32_t>(at + last - 3) << (8 * (last - 3));
  }
  const std::size_t middle = bytes.size() / 2;
  return detail::load<std::uint8_t>(at) | detail::load<std::uint8_t>(at + middle) << (8 * middle) |
         detail::load<std::uint8_t>(at + last) << (8 * last);
}

inline std::uint64_t hash_word(std::string_view word) {
  const char* at = word.data();
  std::size_t left = word.size();
  std::uint64_t hash = left * detail::k_multiplier;
  for (; left > 8; left -= 8, at += 8) {
    hash = hash_number(hash ^ load_8(at));
  }
  return left > 0 ? hash_number(hash ^ load_up_to_8({at, left})) : hash;
}

}  // namespace lumi
