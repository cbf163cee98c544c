#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace lumi {

/// A 64-bit hash for short texts in tables. Files that hold such tables name their format: a change here is a new one.
inline std::uint64_t hash_word(std::string_view word);

/// A 64-bit checksum of many bytes: one changed word of eight bytes always changes it. No protection against intent.
std::uint64_t checksum(std::string_view bytes);

/// One to eight bytes as a number, some of them twice; different ones of the same length give different numbers.
inline std::uint64_t load_up_to_8(std::string_view bytes);

/// The `length` bytes of which load_up_to_8 made `number`, at the start of eight.
inline std::array<char, 8> bytes_of_up_to_8(std::uint64_t number, std::size_t length);

/// 16 lower-case hexadecimal digits.
std::string to_hex(std::uint64_t value);

// Implementation of the inline parts.

namespace detail {

constexpr std::uint64_t k_multiplier = 0x9E3779B97F4A7C15U;

/// Spreads a difference in any bit over others; different values stay different.
inline std::uint64_t mix(std::uint64_t value) {
  value *= k_multiplier;
  return value ^ (value >> 32);
}

template <class Integer>
std::uint64_t load(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

}  // namespace detail

inline std::uint64_t load_up_to_8(std::string_view bytes) {
  const char* const at = bytes.data();
  const std::size_t length = bytes.size();
  if (length >= 4) {
    return detail::load<std::uint32_t>(at) << 32 | detail::load<std::uint32_t>(at + length - 4);
  }
  return detail::load<std::uint8_t>(at) << 16 | detail::load<std::uint8_t>(at + length / 2) << 8 |
         detail::load<std::uint8_t>(at + length - 1);
}

inline std::array<char, 8> bytes_of_up_to_8(std::uint64_t number, std::size_t length) {
  std::array<char, 8> bytes{};
  if (length >= 4) {
    const auto first = static_cast<std::uint32_t>(number >> 32);
    const auto last = static_cast<std::uint32_t>(number);
    std::memcpy(bytes.data() + length - 4, &last, sizeof last);
    std::memcpy(bytes.data(), &first, sizeof first);
  } else if (length > 0) {
    bytes[length - 1] = static_cast<char>(number);
    bytes[length / 2] = static_cast<char>(number >> 8);
    bytes[0] = static_cast<char>(number >> 16);
  }
  return bytes;
}

inline std::uint64_t hash_word(std::string_view word) {
  const char* at = word.data();
  std::size_t left = word.size();
  std::uint64_t hash = left * detail::k_multiplier;
  for (; left > 8; left -= 8, at += 8) {
    hash = detail::mix(hash ^ detail::load<std::uint64_t>(at));
  }
  return left > 0 ? detail::mix(hash ^ load_up_to_8({at, left})) : hash;
}

}  // namespace lumi
