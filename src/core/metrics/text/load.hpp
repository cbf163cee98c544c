#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace lumi::metrics {

/// The 8 bytes at `bytes` as a number, the first one lowest.
inline std::uint64_t load_eight(const void* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  return std::endian::native == std::endian::little ? word : __builtin_bswap64(word);
}

/// The first `length` of them, at least one; all if there are more. All 8 must be readable.
inline std::uint64_t load_up_to_eight(const char* bytes, std::size_t length) {
  const std::uint64_t word = load_eight(bytes);
  return length >= sizeof word ? word : word & ((std::uint64_t{1} << (8 * length)) - 1);
}

}  // namespace lumi::metrics
