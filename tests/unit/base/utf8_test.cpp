#include "base/text.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace lumi;

namespace {

/// Unicode's table 3-7 of well-formed byte sequences, looked up byte by byte.
std::optional<std::size_t> find_invalid_by_table(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto in = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
  for (std::size_t i = 0; i < text.size();) {
    const auto tail = [&](std::size_t k) { return in(i + k, 0x80, 0xBF); };
    if (in(i, 0, 0x7F)) {
      i += 1;
    } else if (in(i, 0xC2, 0xDF) && tail(1)) {
      i += 2;
    } else if (((in(i, 0xE0, 0xE0) && in(i + 1, 0xA0, 0xBF)) || (in(i, 0xED, 0xED) && in(i + 1, 0x80, 0x9F)) ||
                (in(i, 0xE1, 0xEC) && tail(1)) || (in(i, 0xEE, 0xEF) && tail(1))) &&
               tail(2)) {
      i += 3;
    } else if (((in(i, 0xF0, 0xF0) && in(i + 1, 0x90, 0xBF)) || (in(i, 0xF4, 0xF4) && in(i + 1, 0x80, 0x8F)) ||
                (in(i, 0xF1, 0xF3) && tail(1))) &&
               tail(2) && tail(3)) {
      i += 4;
    } else {
      return i;
    }
  }
  return std::nullopt;
}

}  // namespace

TEST_CASE("every sequence of two bytes and many longer ones are judged as Unicode says, at any place") {
  const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF,
                                 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
  const auto check_at_all_places = [](const std::string& sequence) {
    // The blocks of the fast way have 64 bytes: the sequence goes over both of their edges, and into the rest.
    for (const auto before : {0U, 5U, 60U, 61U, 62U, 63U, 64U, 100U, 125U, 126U, 127U}) {
      for (const auto after : {0U, 1U, 80U}) {
        const auto text = std::string(before, 'x') + sequence + std::string(after, 'y');
        REQUIRE(find_invalid_utf8(text) == find_invalid_by_table(text));
      }
    }
  };
  for (const auto a : edges) {
    for (const auto b : edges) {
      for (const auto c : edges) {
        for (const auto d : {0x41, 0x80, 0xBF, 0xC2}) {
          check_at_all_places({static_cast<char>(a), static_cast<char>(b), static_cast<char>(c), static_cast<char>(d)});
        }
      }
    }
  }
}

TEST_CASE("in long texts the first ill-formed byte is found") {
  std::mt19937 random(3);
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    while (text.size() < 50 + random() % 300) {
      constexpr char32_t k_bounds[] = {0x80, 0x800, 0xD800, 0x10000, 0x110000};
      append_utf8(text, static_cast<char32_t>(random() % k_bounds[random() % 5] % 0xD800));
      append_utf8(text, static_cast<char32_t>(0xE000 + random() % (0x110000 - 0xE000)));
    }
    REQUIRE_FALSE(find_invalid_utf8(text));
    text[random() % text.size()] = static_cast<char>(random() % 256);
    REQUIRE(find_invalid_utf8(text) == find_invalid_by_table(text));
  }
}
