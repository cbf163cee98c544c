#include "base/text.hpp"
#include "core/metrics/text/python_text.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace python = lumi::metrics::python;

namespace {

template <class Visit>
void for_each_character(Visit visit) {
  for (char32_t c = 0; c < 0x110000; ++c) {
    if (c < 0xD800 || c > 0xDFFF) {
      visit(c);
    }
  }
}

/// How many characters have a property, and the sum of their squares: both as Python 3.11 counts them.
std::pair<std::uint64_t, std::uint64_t> fingerprint(bool (*has)(char32_t)) {
  std::pair<std::uint64_t, std::uint64_t> counts{0, 0};
  for_each_character([&](char32_t c) {
    if (has(c)) {
      counts.first += 1;
      counts.second += static_cast<std::uint64_t>(c) * c;
    }
  });
  return counts;
}

std::string utf8(char32_t c) {
  std::string text;
  lumi::append_utf8(text, c);
  return text;
}

std::string lower(std::string_view text) {
  std::string out;
  python::append_lower(text, out);
  return out;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  python::for_each_word(text, [&](std::string_view word) { out.emplace_back(word); });
  return out;
}

bool is_white(char32_t c) { return python::is_space(c); }

}  // namespace

TEST_CASE("character properties over all of Unicode") {
  using Counts = std::pair<std::uint64_t, std::uint64_t>;
  CHECK(fingerprint(python::is_word) == Counts(133548, 2018352511813460));
  CHECK(fingerprint(python::is_decimal) == Counts(660, 2653455253290));
  CHECK(fingerprint(python::is_upper) == Counts(1951, 9777195726478));
  CHECK(fingerprint(python::is_lower) == Counts(2471, 10258616905238));
  CHECK(fingerprint(is_white) == Counts(29, 1195423570));
}

TEST_CASE("lower case over all of Unicode") {
  std::uint64_t sum = 0;
  for_each_character([&](char32_t c) {
    const auto text = lower(utf8(c));
    std::uint64_t place = 0;
    for (std::size_t at = 0; at < text.size();) {
      sum += (c + 1ULL) * ++place * lumi::next_code_point(text, at);
    }
  });
  CHECK(sum == 460955684470209404ULL);
}

TEST_CASE("final sigma beside every character") {
  const std::string sigma = "Σ";
  std::uint64_t sum = 0;
  for_each_character([&](char32_t c) {
    if (c == 0x3C2) {
      return;
    }
    const auto one = utf8(c);
    const std::vector<std::string> texts = {one + sigma, "A" + one + sigma, "A" + sigma + one, "A" + sigma + one + "A"};
    for (std::size_t k = 0; k < texts.size(); ++k) {
      if (lower(texts[k]).find("ς") != std::string::npos) {
        sum += (c + 1ULL) * (k + 1);
      }
    }
  });
  CHECK(sum == 4341965328409ULL);
}

TEST_CASE("lower case of texts") {
  CHECK(lower("ΑΣ.Β ΣΑΣ 1Σ") == "ασ.β σας 1σ");
  CHECK(lower("İI\u212Aẞǅ") == "i\u0307ikßǆ");
  CHECK(lower("") == "");
}

TEST_CASE("words between white space") {
  CHECK(words("").empty());
  CHECK(words(" \t\n\v\f\r\x1c\x1d\x1e\x1f").empty());
  CHECK(words("a b\u00a0c\u2003d\u3000\u2028e\u0085") == std::vector<std::string>{"a", "b", "c", "d", "e"});
  CHECK(words("a\u200bb\ufeff c") == std::vector<std::string>{"a\u200bb\ufeff", "c"});
  CHECK(python::count_words("ein Wort\u1680 und noch\u205fzwei ") == 5);
  int wrong = 0;
  for_each_character(
      [&](char32_t c) { wrong += (words("a" + utf8(c) + "b").size() == 2) == python::is_space(c) ? 0 : 1; });
  CHECK(wrong == 0);
}

TEST_CASE("white space stripped at the end") {
  CHECK(python::strip_right(" a b \u3000\n") == " a b");
  CHECK(python::strip_right("\u2003 \x1f") == "");
  CHECK(python::strip_right("é") == "é");
}
