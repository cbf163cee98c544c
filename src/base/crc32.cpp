#include "base/crc32.hpp"

#include <array>
#include <cstddef>
#include <cstring>

namespace lumi {

namespace {

constexpr std::size_t k_step = 8;
using Tables = std::array<std::array<std::uint32_t, 256>, k_step>;

// tables[n][b]: what the byte b does to the sum when n more bytes follow it, so that eight can be looked up at once.
constexpr Tables make_tables() {
  constexpr std::uint32_t k_polynomial = 0xEDB88320U;
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) {
      sum = (sum & 1U) != 0 ? (sum >> 1) ^ k_polynomial : sum >> 1;
    }
    tables[0][byte] = sum;
  }
  for (std::size_t n = 1; n < k_step; ++n) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const auto before = tables[n - 1][byte];
      tables[n][byte] = (before >> 8) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}

constexpr Tables k_tables = make_tables();

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t sum = 0xFFFFFFFFU;
  for (; bytes.size() >= k_step; bytes.remove_prefix(k_step)) {
    std::array<unsigned char, k_step> block{};
    std::memcpy(block.data(), bytes.data(), k_step);
    std::uint32_t next = 0;
    for (std::size_t i = 0; i < k_step; ++i) {
      const auto mixed = i < 4 ? (sum >> (8 * i)) & 0xFFU : 0U;
      next ^= k_tables[k_step - 1 - i][block[i] ^ mixed];
    }
    sum = next;
  }
  for (const char byte : bytes) {
    sum = (sum >> 8) ^ k_tables[0][(sum ^ static_cast<unsigned char>(byte)) & 0xFFU];
  }
  return ~sum;
}

}  // namespace lumi
