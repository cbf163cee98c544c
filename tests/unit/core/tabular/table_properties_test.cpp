#include "support/table_properties.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace lumi;
using namespace lumi::tabular;
using lumi::test::find_broken_property;
using lumi::test::read_table;
using lumi::test::Table;
using lumi::test::write_table;

namespace {

std::size_t below(std::mt19937& random, std::size_t bound) { return random() % bound; }

/// Up to `longest` pieces out of `pieces`, one after the other.
std::string soup(std::mt19937& random, const std::vector<std::string>& pieces, std::size_t longest) {
  std::string text;
  for (auto count = below(random, longest + 1); count > 0; --count) {
    text += pieces[below(random, pieces.size())];
  }
  return text;
}

const std::vector<std::string> k_cell_pieces{
    ",", "\"", "\n", "\r", "\r\n", " ", "a", "xyz", "é", "😀", "\t", ";", "\xEF\xBB\xBF", "long enough for a block"};

Table random_table(std::mt19937& random) {
  Table table;
  const auto width = 1 + below(random, 4);
  for (std::size_t i = 0; i < width; ++i) {
    table.columns.push_back(std::to_string(i) + soup(random, k_cell_pieces, 3));
  }
  for (auto height = below(random, 6); height > 0; --height) {
    auto& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < width; ++i) {
      row.push_back(soup(random, k_cell_pieces, 5));
    }
  }
  return table;
}

}  // namespace

TEST_CASE("what CsvWriter writes reads back the same in blocks of any size") {
  std::mt19937 random(20240607);
  for (int i = 0; i < 300; ++i) {
    const auto table = random_table(random);
    const auto text = write_table(table);
    for (std::size_t block = 1; block <= 64; ++block) {
      const auto again = read_table(text, Format::csv, {.block_bytes = block}, 1 + block % 7);
      REQUIRE(again.error == "");
      REQUIRE(again.columns == table.columns);
      REQUIRE(again.rows == table.rows);
    }
  }
}

TEST_CASE("any soup of bytes keeps the properties of the readers") {
  const std::vector<std::string> bytes{"\"",           "\"",   ",",    ",",        "\n",
                                       "\n",           "\r",   "a",    "b",        " ",
                                       "\xFF",         "\xC3", "\xA9", "\xF0\x9F", std::string(1, '\0'),
                                       "\xEF\xBB\xBF", ";",    "\t",   "é",        "one two three four"};
  const std::vector<std::string> json{"{",       "}",      "[",         "]",       ",",      ":",       "\"",
                                      "\"a\"",   "\"b\":", "{\"a\":1}", "{\"a\":", "\\",     "\\u00e9", "\\ud83d",
                                      "\\ude00", "\n",     " ",         "1",       "-0.5e3", "null",    "true",
                                      "\xC3",    "é",      "\x01",      ",{",      "},"};
  std::mt19937 random(7);
  for (std::size_t i = 0; i < 5'000; ++i) {
    const auto variant = below(random, 4096);
    REQUIRE(find_broken_property(soup(random, bytes, 30), i % 2 == 0 ? Format::csv : Format::tsv, variant) == "");
    REQUIRE(find_broken_property(soup(random, json, 25), Format::jsonl, variant) == "");
    REQUIRE(find_broken_property("[" + soup(random, json, 25), Format::json, variant) == "");
  }
}

TEST_CASE("a row in a large file has its line, whatever is before it") {
  std::string text = "a,b\n";
  for (int i = 1; i <= 20'000; ++i) {
    text += std::to_string(i) + ",\"x\ny " + std::string(static_cast<std::size_t>(i % 50), 'z') + "\"\n";
  }
  const auto table = read_table(text + "1\n", Format::csv, {.name = "f"});
  CHECK(table.error == "f:40002:1: row 20001 has 1 cell, but the header has 2");
  REQUIRE(table.rows.size() == 20'000);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    REQUIRE(table.lines[i] == 2 * i + 2);
  }
}
