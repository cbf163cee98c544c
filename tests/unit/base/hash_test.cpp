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
  CHECK(to_hex(hash_word("synonym")) == "c5afddc788f52b6b");
  CHECK(to_hex(hash_word("dog")) == "a9d006cb28d7d8f3");
  CHECK(to_hex(hash_word("constantinople")) == "5df9018a3e161380");
  CHECK(to_hex(checksum("")) == "ec28d0e076965dfd");
  CHECK(to_hex(checksum(std::string(100, 'x'))) == "f48dadcd15092196");
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

TEST_CASE("up to eight bytes as a number") {
  std::set<std::uint64_t> numbers;
  for (const auto* text : {"ab", "ba", "aa", "bb"}) {
    numbers.insert(load_up_to_8(text));
  }
  CHECK(numbers.size() == 4);
  numbers.clear();
  for (const auto* text : {"aab", "aba", "baa", "abb"}) {
    numbers.insert(load_up_to_8(text));
  }
  CHECK(numbers.size() == 4);
  CHECK(load_up_to_8("abcdefgh") != load_up_to_8("abcdefgi"));
  CHECK(load_up_to_8("abcde") != load_up_to_8("abXde"));
}

TEST_CASE("hexadecimal digits") {
  CHECK(to_hex(0) == "0000000000000000");
  CHECK(to_hex(0x0123456789ABCDEF) == "0123456789abcdef");
}

TEST_CASE("the bytes of a short word come back from its number") {
  const std::string text = "q\x01W\xFFrty.";
  for (std::size_t length = 1; length <= text.size(); ++length) {
    const auto word = text.substr(0, length);
    const auto bytes = bytes_of_up_to_8(load_up_to_8(word), length);
    CHECK(std::string(bytes.data(), length) == word);
  }
}
