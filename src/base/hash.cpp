#include "base/hash.hpp"

#include <array>

namespace lumi {

std::uint64_t checksum(std::string_view bytes) {
  // Four sums side by side, so that the multiplications do not wait for each other.
  std::array<std::uint64_t, 4> sums{1, 2, 3, 4};
  constexpr std::size_t k_block = 32;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= k_block; left -= k_block, at += k_block) {
    for (std::size_t i = 0; i < sums.size(); ++i) {
      sums[i] = hash_number(sums[i] ^ load_8(at + 8 * i));
    }
  }
  std::uint64_t all = hash_word({at, left});
  for (const auto sum : sums) {
    all = hash_number(all ^ sum);
  }
  return hash_number(all ^ bytes.size());
}

std::string to_hex(std::uint64_t value) {
  std::string digits(16, '0');
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit, value >>= 4) {
    *digit = "0123456789abcdef"[value & 0xF];
  }
  return digits;
}

}  // namespace lumi
