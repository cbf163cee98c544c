#include "base/hash.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace lumi;

TEST_CASE("words get different hashes") {
  std::set<std::uint64_t> hashes;
  std::size_t count = 0;
  for (std::size_t length = 0; length < 40; ++length) {
    for (std::size_t changed = 0; changed < length; ++changed) {
      std::string word(length, 'a');
      word[changed] = 'b';
      hashes.insert(hash_word(word));
      ++count;
    }
    hashes.insert(hash_word(std::string(length, 'a')));
    ++count;
  }
  CHECK(hashes.size() == count);
}

TEST_CASE("hashes of compiled data stay what they are") {
  // A change here needs another version of every file format that holds a table.
  CHECK(to_hex(hash_word("synonym")) == "45d403ce6a998f02");
  CHECK(to_hex(hash_word("dog")) == "52ebdc2eecac87ed");
  CHECK(to_hex(hash_word("constantinople")) == "e0db90b4cabb0ed8");
  CHECK(to_hex(checksum("")) == "3ce3df383f7a147c");
  CHECK(to_hex(checksum(std::string(100, 'x'))) == "fa19d00c91adb395");
}

TEST_CASE("a checksum sees every changed bit and every length") {
  std::string bytes(100, '\0');
  std::set<std::uint64_t> sums{checksum(bytes)};
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    sums.insert(checksum(bytes));
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
  }
  CHECK(sums.size() == 801);
  std::set<std::uint64_t> lengths;
  for (std::size_t length = 0; length <= bytes.size(); ++length) {
    lengths.insert(checksum(std::string_view(bytes).substr(0, length)));
  }
  CHECK(lengths.size() == 101);
}

TEST_CASE("up to eight bytes as a number: the first is the lowest") {
  const std::string text = "q\x01W\xFFrty.";
  std::uint64_t expected = 0;
  for (std::size_t length = 1; length <= text.size(); ++length) {
    expected |= std::uint64_t{static_cast<unsigned char>(text[length - 1])} << (8 * (length - 1));
    CAPTURE(length);
    CHECK(load_up_to_8(text.substr(0, length)) == expected);
  }
  CHECK(load_8(text.data()) == expected);
}

TEST_CASE("the low bits of a number's hash depend on each of its bits") {
  constexpr std::uint64_t k_low = 0xFFFF;
  for (std::uint64_t bit = 0; bit < 64; ++bit) {
    std::size_t changed = 0;
    for (std::uint64_t number = 1; number <= 100; ++number) {
      const auto other = number ^ (std::uint64_t{1} << bit);
      changed += (hash_number(number) & k_low) != (hash_number(other) & k_low) ? 1U : 0U;
    }
    CAPTURE(bit);
    CHECK(changed >= 99);
  }
}

TEST_CASE("hexadecimal digits") {
  CHECK(to_hex(0) == "0000000000000000");
  CHECK(to_hex(0x0123456789ABCDEF) == "0123456789abcdef");
}
