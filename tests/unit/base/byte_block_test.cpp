#include "base/byte_block.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace lumi;

TEST_CASE("blocks compare each byte as a number from 0 to 255") {
  const char bytes[17] = "\x00\x01 \x1F\x20,,\"a\x7F\x80\x81\xC0\xFE\xFF,";
  const auto block = ByteBlock::load(bytes);
  CHECK(block.equal_to(',').bits() == 0b1000'0000'0110'0000);
  CHECK((block.equal_to(',') | block.equal_to('"')).bits() == 0b1000'0000'1110'0000);
  CHECK(block.at_most(0x1F).bits() == 0b0000'0000'0000'1011);
  CHECK(block.at_most(0x80).bits() == 0b1000'0111'1111'1111);
  CHECK(block.bits() == 0b0111'1100'0000'0000);
}

TEST_CASE("the fast block says what the portable one says") {
  std::mt19937 random(1);
  for (int i = 0; i < 1000; ++i) {
    char bytes[ByteBlock::k_size];
    for (char& byte : bytes) {
      byte = static_cast<char>(random() % 256);
    }
    const auto wanted = static_cast<char>(random() % 256);
    const auto bound = static_cast<unsigned char>(random() % 256);
    bytes[random() % 16] = wanted;
    const auto fast = ByteBlock::load(bytes);
    const auto portable = PortableByteBlock::load(bytes);
    REQUIRE(fast.bits() == portable.bits());
    REQUIRE(fast.equal_to(wanted).bits() == portable.equal_to(wanted).bits());
    REQUIRE(fast.at_most(bound).bits() == portable.at_most(bound).bits());
    REQUIRE((fast.at_most(bound) | fast.equal_to(wanted)).bits() ==
            (portable.at_most(bound) | portable.equal_to(wanted)).bits());
  }
}
