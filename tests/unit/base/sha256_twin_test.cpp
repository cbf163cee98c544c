#include "base/sha256.hpp"
#include "base/sha256_blocks.hpp"
#include "base/sha256_twin.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>

using namespace lumi;

TEST_CASE("Sha256Twin gives the digests that Sha256 gives of the whole and of each part") {
  std::mt19937 random(7);
  for (const std::size_t part : {1U, 63U, 64U, 65U, 4096U, 5000U}) {
    for (const std::size_t step : {1U, 55U, 64U, 200U, 1024U, 70'000U}) {
      Sha256Twin twin;
      std::string all;
      while (all.size() < 3 * part) {
        std::string bytes(std::min(step, part - all.size() % part), '\0');
        for (auto& byte : bytes) {
          byte = static_cast<char>(random());
        }
        twin.update(bytes);
        all += bytes;
        if (all.size() % part == 0) {
          CHECK(twin.end_part() == sha256_hex(std::string_view(all).substr(all.size() - part)));
        }
      }
      CHECK(twin.end_part() == sha256_hex(""));
      CHECK(twin.hex_digest() == sha256_hex(all));
    }
  }
}

TEST_CASE("two states take the same blocks each in its own way") {
  if (!can_hash_block_pairs()) {
    return;
  }
  const std::string blocks(128, 'x');
  std::array<std::uint32_t, 8> one{};
  std::array<std::uint32_t, 8> two{1, 2, 3, 4, 5, 6, 7, 8};
  std::array<std::uint32_t, 8> other = two;
  std::array<std::uint32_t, 8> again{};
  hash_block_pairs(one.data(), two.data(), blocks);
  hash_block_pairs(other.data(), again.data(), blocks);
  CHECK(one == again);
  CHECK(two == other);
  CHECK(one != two);
}
