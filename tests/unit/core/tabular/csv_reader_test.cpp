#include "support/table.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using namespace lumi::tabular;
using lumi::test::read_table;
using lumi::test::Table;

namespace {

using Rows = std::vector<std::vector<std::string>>;
using namespace std::string_literals;

constexpr ReadOptions options() { return {.name = "d.csv"}; }

Table read_csv(std::string_view text) { return read_table(text, Format::csv, options()); }

std::string csv_error(std::string_view text) { return read_csv(text).error; }

}  // namespace

TEST_CASE("cells are what RFC 4180 says") {
  struct Case {
    std::string_view text;
    Rows rows;
  };
  const Case cases[] = {
      {"a,b\n1,2\n", {{"1", "2"}}},
      {"a,b\n1,2", {{"1", "2"}}},
      {"a,b\n1,", {{"1", ""}}},
      {"a,b\n,\n", {{"", ""}}},
      {"a,b\n\"1\",\"2\"\n", {{"1", "2"}}},
      {"a,b\n\"x, y\",\"say \"\"hi\"\"\"\n", {{"x, y", "say \"hi\""}}},
      {"a,b\n\"\"\"\",\"\"\n", {{"\"", ""}}},
      {"a,b\n\"1\n2\",\"3\r\n4\r5\"\n", {{"1\n2", "3\r\n4\r5"}}},
      {"a,b\n 1 ,\t2\n", {{" 1 ", "\t2"}}},
      {"a,b\nx\"y\"z,\"\"\n", {{"x\"y\"z", ""}}},
      {"a,b\n1 \"2\",3\"\n", {{"1 \"2\"", "3\""}}},
      {"a\n\"\"\nx\n", {{""}, {"x"}}},
      {"a,b\nNA,null\n", {{"NA", "null"}}},
      {"a,b\n=1+1,\x01\n", {{"=1+1", "\x01"}}},
      {"a,b\n\xF0\x9F\x98\x80,\xC3\xA9\n", {{"\xF0\x9F\x98\x80", "\xC3\xA9"}}},
      {"a,b\n", {}},
      {"a,b", {}},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const auto table = read_csv(c.text);
    CHECK(table.error.empty());
    CHECK(table.columns.size() == (c.text[1] == ',' ? 2 : 1));
    CHECK(table.rows == c.rows);
  }
}

TEST_CASE("LF, CR LF and CR end lines, mixed too, and lines are counted across cells") {
  const auto table = read_csv("a,b\r\n1,\"x\r\ny\rz\nw\"\r3,4\n\n\r\n\r5,6\r\n\"7\",8");
  CHECK(table.rows == Rows{{"1", "x\r\ny\rz\nw"}, {"3", "4"}, {"5", "6"}, {"7", "8"}});
  CHECK(table.numbers == std::vector<std::uint64_t>{1, 2, 3, 4});
  CHECK(table.lines == std::vector<std::uint64_t>{2, 6, 10, 11});
}

TEST_CASE("blank lines are no rows, but a line of blanks is one where it can be") {
  CHECK(read_csv("\n\n\r\na\n\n1\n\n").rows == Rows{{"1"}});
  CHECK(read_csv("a\n  \n").rows == Rows{{"  "}});
  CHECK(read_csv("a,b\n  \t \n1,2\n").rows == Rows{{"1", "2"}});
  CHECK(read_csv("a,b\n  \n1,2\n").numbers == std::vector<std::uint64_t>{1});
}

TEST_CASE("a byte order mark is dropped with a note, also before a quote") {
  const auto table = read_csv("\xEF\xBB\xBF\"a,b\",c\n1,2\n");
  CHECK(table.columns == std::vector<std::string>{"a,b", "c"});
  CHECK(table.notes.size() == 1);
  CHECK(read_csv("\"\xEF\xBB\xBF"
                 "a\"\n1\n")
            .columns == std::vector<std::string>{"\xEF\xBB\xBF"
                                                 "a"});
}

TEST_CASE("tabs separate the cells of TSV, with the same quotes") {
  const auto table = read_table("a\tb\n1,2\t\"x\ty\"\n", Format::tsv);
  CHECK(table.rows == Rows{{"1,2", "x\ty"}});
}

TEST_CASE("what is wrong is said with line and column") {
  struct Case {
    std::string text;
    std::string error;
  };
  const Case cases[] = {
      {"", "d.csv:1:1: the file is empty"},
      {"\xEF\xBB\xBF", "d.csv:1:1: the file is empty"},
      {"\n\r\n\n", "d.csv:4:1: the file is empty"},
      {"a,b,c\n1,2,3\n1,2\n", "d.csv:3:1: row 2 has 2 cells, but the header has 3"},
      {"a,b\n\"1\n2\",3\n4\n", "d.csv:4:1: row 2 has 1 cell, but the header has 2"},
      {"a,b\n1,2,3,4\n", "d.csv:2:1: row 1 has 4 cells, but the header has 2"},
      {"a,b\n\"é\"x,2\n", "d.csv:2:4: text after the closing quote of a cell"},
      {"a,b\n\"1\n22\" ,2\n", "d.csv:3:4: text after the closing quote of a cell"},
      {"a,b\n1,2\n3,\"4\n5,6\n", "d.csv:3:3: the quote that opens here is never closed"},
      {"\"a", "d.csv:1:1: the quote that opens here is never closed"},
      {"a,b\n1,2\n3,x\0y\n"s, "d.csv:3:4: a NUL character (byte 11 of the file)"},
      {"a,b\n1,caf\xE9\n", "d.csv:2:6: byte 0xE9 is not UTF-8 (byte 9 of the file)"},
      {"a,b\nå,\"1\n2ø\xC0\"\n", "d.csv:3:3: byte 0xC0 is not UTF-8 (byte 13 of the file)"},
      {"\xEF\xBB\xBF"
       "a,\xFF\n",
       "d.csv:1:3: byte 0xFF is not UTF-8 (byte 5 of the file)"},
      {"a\nx\xE2\x82", "d.csv:2:2: byte 0xE2 is not UTF-8 (byte 3 of the file)"},
      // The first problem of a record is the one named.
      {"a,b\n\"1\"x,\xFF\n", "d.csv:2:4: text after the closing quote of a cell"},
      {"a,b\n\"\xFF\"x,1\n", "d.csv:2:2: byte 0xFF is not UTF-8 (byte 5 of the file)"},
      {"a,b\n1,2\n\xFF\n\"1\"x,1\n", "d.csv:3:1: byte 0xFF is not UTF-8 (byte 8 of the file)"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(csv_error(c.text) == c.error);
    CHECK(read_csv(c.text).code == ErrorCode::invalid_input);
  }
}

TEST_CASE("files that are no UTF-8 text are refused by name, with advice") {
  const std::pair<std::string, std::string> cases[] = {
      {"\xFF\xFE"s + "a\0,\0b\0\n\0"s, "UTF-16"},
      {"\xFE\xFF\0a"s, "UTF-16"},
      {"a\0,\0b\0\n\0"s, "UTF-16"},
      {"\0a\0,\0b\0\n"s, "UTF-16"},
      {"\xFF\xFE\0\0a\0\0\0"s, "UTF-32"},
      {"PK\x03\x04\x14\0\0"s, "a zip file or a spreadsheet"},
      {"\x1F\x8B\x08", "a gzip file"},
      {"\x7F"
       "ELF\x02\0"s,
       "a program"},
  };
  for (const auto& each : cases) {
    CAPTURE(each.second);
    CHECK(csv_error(each.first) == "d.csv:1:1: this is " + each.second + ", not UTF-8 text");
  }
  CHECK(read_csv("\xFF\xFE"s + "a\0\n\0"s).hint.find("UTF-8") != std::string::npos);
  CHECK(csv_error("PK\x03\x04,b\n1,2\n").empty());
}

TEST_CASE("columns are named as the header says, and mended with a note") {
  const auto table = read_csv("a,,a,a.1,\n1,2,3,4,5\n");
  CHECK(table.columns == std::vector<std::string>{"a", "Unnamed: 1", "a.2", "a.1", "Unnamed: 4"});
  CHECK(table.notes.size() == 3);
  CHECK(table.rows == Rows{{"1", "2", "3", "4", "5"}});
}

TEST_CASE("a file with another delimiter is pointed out") {
  CHECK(read_csv("a;b\n1;2\n").notes.at(0).find("semicolons") != std::string::npos);
  CHECK(read_csv("a\tb\n1\t2\n").notes.at(0).find("tsv") != std::string::npos);
  CHECK(read_table("a,b\n", Format::tsv).notes.at(0).find("csv") != std::string::npos);
  CHECK(read_csv("a;b\n1,5;2\n").hint.find("semicolons") != std::string::npos);
  CHECK(read_csv("a;b,c\n1;2,3\n").notes.empty());
  CHECK(read_csv(" \na,b\n").hint.find("blank") != std::string::npos);
}

TEST_CASE("columns can be read under other names") {
  auto renaming = options();
  renaming.renames = {{"article", "examples"}, {"examples", "old"}};
  CHECK(read_table("examples,article\n1,2\n", Format::csv, renaming).columns ==
        std::vector<std::string>{"old", "examples"});
  const auto missing = read_table("examples,articles\n1,2\n", Format::csv, renaming);
  CHECK(missing.error == "d.csv:1:1: there is no column \"article\"");
  CHECK(missing.hint == "did you mean the column \"articles\"?");
  renaming.renames = {{"article", "examples"}};
  CHECK(read_table("examples,article\n1,2\n", Format::csv, renaming).error ==
        "d.csv:1:1: there would be two columns \"examples\"");
}

TEST_CASE("cells, rows and columns have limits") {
  auto small = options();
  small.max_cell_bytes = 4;
  CHECK(read_table("a,b\n1234,\"1\"\"34\"\n", Format::csv, small).rows == Rows{{"1234", "1\"34"}});
  const auto plain = read_table("a,b\nx,12345\n", Format::csv, small);
  CHECK(plain.error == "d.csv:2:3: a cell is longer than 4 B");
  CHECK(plain.code == ErrorCode::too_large);
  CHECK(read_table("a,b\nx,\"12\"\"45\"\n", Format::csv, small).code == ErrorCode::too_large);
  const auto open = read_table("a,b\nx,\"12345678901234567890\n", Format::csv, small);
  CHECK(open.error == "d.csv:2:3: a cell is longer than 4 B");
  CHECK(open.hint.find("never closed") != std::string::npos);

  small = options();
  small.max_row_bytes = 10;
  CHECK(read_table("a,b\n1234,6789\n", Format::csv, small).rows.size() == 1);
  CHECK(read_table("a,b\n1234,67890\n", Format::csv, small).error == "d.csv:2:1: a row is longer than 10 B");

  small = options();
  small.max_columns = 2;
  const auto wide = read_table("a,b,c\n", Format::csv, small);
  CHECK(wide.error == "d.csv:1:1: the header has 3 cells, more than 2");
  CHECK(wide.code == ErrorCode::too_large);
}

TEST_CASE("a cell that is longer than the limit does not come into memory") {
  // A source that counts what was asked of it stands for a file of any size.
  class Endless final : public ByteSource {
  public:
    std::size_t read(char* buffer, std::size_t capacity) override {
      std::fill_n(buffer, capacity, 'x');
      buffer[0] = given == 0 ? '"' : 'x';
      given += capacity;
      return capacity;
    }
    std::uint64_t given = 0;
  };
  Endless endless;
  auto small = options();
  small.max_cell_bytes = 1 << 20;
  CHECK_THROWS_AS(open_rows(endless, Format::csv, small), Error);
  CHECK(endless.given < 4 << 20);
}
