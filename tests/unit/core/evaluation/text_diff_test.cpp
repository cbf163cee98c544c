#include "core/evaluation/text_diff.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <random>
#include <sstream>
#include <string>

using lumi::evaluation::diff_words;
using lumi::evaluation::DiffKind;

namespace {

std::string shown(std::string_view before, std::string_view after, std::size_t max_edits = 1000) {
  std::string text;
  for (const auto& run : diff_words(before, after, max_edits)) {
    text += run.kind == DiffKind::keep ? '=' : run.kind == DiffKind::insert ? '+' : '-';
    text += '[';
    text += run.text;
    text += ']';
  }
  return text;
}

std::string words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::string all;
  for (std::string word; in >> word;) {
    all += word + " ";
  }
  return all;
}

std::size_t count_words(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::size_t count = 0;
  for (std::string word; in >> word;) {
    ++count;
  }
  return count;
}

// The textbook table, for the number of edits.
std::size_t fewest_edits(const std::string& before, const std::string& after) {
  std::istringstream a{before};
  std::istringstream b{after};
  std::vector<std::string> x{std::istream_iterator<std::string>(a), {}};
  std::vector<std::string> y{std::istream_iterator<std::string>(b), {}};
  std::vector<std::vector<std::size_t>> common(x.size() + 1, std::vector<std::size_t>(y.size() + 1));
  for (std::size_t i = 1; i <= x.size(); ++i) {
    for (std::size_t j = 1; j <= y.size(); ++j) {
      common[i][j] = x[i - 1] == y[j - 1] ? common[i - 1][j - 1] + 1 : std::max(common[i - 1][j], common[i][j - 1]);
    }
  }
  return x.size() + y.size() - 2 * common[x.size()][y.size()];
}

}  // namespace

TEST_CASE("a diff keeps, removes and inserts words") {
  CHECK(shown("the cat sat", "the cat sat").substr(0) == "=[the cat sat]");
  CHECK(shown("the cat sat down", "the dog sat") == "=[the]-[cat]+[dog]=[sat]-[down]");
  CHECK(shown("", "a b") == "+[a b]");
  CHECK(shown("a b", "") == "-[a b]");
  CHECK(shown("", "").empty());
  CHECK(shown(" \n ", "\t").empty());
}

TEST_CASE("white space between words does not matter, and slices keep it") {
  CHECK(shown("a  b\nc", "a b c d") == "=[a b c]+[d]");
  CHECK(shown("x\ty", "z") == "-[x\ty]+[z]");
}

TEST_CASE("a diff gives both texts back and needs the fewest edits") {
  std::mt19937 random(7);  // NOLINT: the same texts on every run
  for (int round = 0; round < 500; ++round) {
    std::string before;
    std::string after;
    for (auto* text : {&before, &after}) {
      for (auto length = random() % 20; length > 0; --length) {
        *text += std::string(1, static_cast<char>('a' + random() % 4)) + (random() % 3 == 0 ? "\n" : " ");
      }
    }
    std::string old_side;
    std::string new_side;
    std::size_t edits = 0;
    for (const auto& run : diff_words(before, after)) {
      old_side += run.kind != DiffKind::insert ? words_of(run.text) : "";
      new_side += run.kind != DiffKind::remove ? words_of(run.text) : "";
      edits += run.kind != DiffKind::keep ? count_words(run.text) : 0;
    }
    CAPTURE(before);
    CAPTURE(after);
    REQUIRE(old_side == words_of(before));
    REQUIRE(new_side == words_of(after));
    REQUIRE(edits == fewest_edits(before, after));
  }
}

TEST_CASE("texts that differ too much are compared at their ends only") {
  CHECK(shown("start a b c end", "start x b y end", 3) == "=[start]-[a b c]+[x b y]=[end]");
  CHECK(shown("start a b c end", "start x b y end", 4) == "=[start]-[a]+[x]=[b]-[c]+[y]=[end]");
}

TEST_CASE("long texts that have nothing in common are no trouble") {
  std::string before;
  std::string after;
  for (int i = 0; i < 100'000; ++i) {
    before += "a" + std::to_string(i) + " ";
    after += "b" + std::to_string(i) + " ";
  }
  CHECK(diff_words(before, after).size() == 2);
}
