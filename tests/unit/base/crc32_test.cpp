#include "base/crc32.hpp"

#include <doctest/doctest.h>

#include <string>

using lumi::crc32;

TEST_CASE("the sums are those of zlib") {
  CHECK(crc32("") == 0);
  CHECK(crc32("a") == 0xE8B7BE43U);
  CHECK(crc32("123456789") == 0xCBF43926U);
  CHECK(crc32("The quick brown fox jumps over the lazy dog") == 0x414FA339U);
  CHECK(crc32(std::string(32, '\xff')) == 0xFF6CAB0BU);
}

TEST_CASE("every changed byte changes the sum, wherever it is") {
  const std::string text = "0123456789abcdefghijklmnopqrstuvwxyz";
  for (std::size_t at = 0; at < text.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      auto changed = text;
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      CHECK(crc32(changed) != crc32(text));
    }
  }
}
