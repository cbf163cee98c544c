#include "core/tabular/validate.hpp"
#include "support/table.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using namespace lumi::tabular;
using lumi::test::list_problems;

namespace {

using namespace std::string_literals;

const ValidateOptions k_any_columns{.read = {.name = "f"}, .required = {}, .expected_full = {}};

std::string problems_of(std::string_view text, Format format = Format::csv) {
  return list_problems(text, format, k_any_columns);
}

}  // namespace

TEST_CASE("every bad row of a CSV file is named, and the rows between are read") {
  const auto text = "a,b\n1\n1,2\n1,2,3\n\"1\"x,\"2\nx,y\n\xFF,2\n3,x\0y\n\"1\n2\",3,4\n5,6\n"s;
  CHECK(problems_of(text) == "E 2:1 [] row 1 has 1 cell, but the header has 2\n"
                             "E 4:1 [] row 3 has 3 cells, but the header has 2\n"
                             "E 5:4 [] text after the closing quote of a cell\n"
                             "E 7:1 [a] byte 0xFF is not UTF-8 (byte 28 of the file)\n"
                             "E 8:4 [b] a NUL character (byte 35 of the file)\n"
                             "E 9:1 [] row 8 has 3 cells, but the header has 2\n");
  TextSource source(text);
  const auto validation = validate_rows(source, Format::csv, k_any_columns);
  CHECK(validation.rows == 3);
  CHECK(validation.errors == 6);
  CHECK_FALSE(validation.is_fit());
}

TEST_CASE("a quote that is never closed does not hide what follows it") {
  CHECK(problems_of("a,b\n1,\"2\n3\n4,5,6\n7,8\n") == "E 2:3 [] the quote that opens here is never closed\n"
                                                      "E 3:1 [] row 2 has 1 cell, but the header has 2\n"
                                                      "E 4:1 [] row 3 has 3 cells, but the header has 2\n");
}

TEST_CASE("what is too large is left out up to its end") {
  auto options = k_any_columns;
  options.read.max_cell_bytes = 4;
  CHECK(list_problems("a,b\n\"12345\r\n\"\"6\",2\n3\n4,5\n", Format::csv, options) ==
        "E 2:1 [] a cell is longer than 4 B\n"
        "E 4:1 [] row 2 has 1 cell, but the header has 2\n");
  options = k_any_columns;
  options.read.max_row_bytes = 8;
  CHECK(list_problems("a,b\n1234567,\"\n\",2\n3\n4,5\n", Format::csv, options) ==
        "E 2:1 [] a row is longer than 8 B\n"
        "E 4:1 [] row 2 has 1 cell, but the header has 2\n");
}

TEST_CASE("every bad line of JSON Lines is named") {
  CHECK(problems_of("{\"a\":1,\"b\":2}\n{\"a\":1,\"c\":2,\"d\":3}\n{\"a\":}\n[]\n{\"a\":\"\xFF\"}\n{\"a\":1,\"a\":2}\n{"
                    "\"b\":7}\n",
                    Format::jsonl) == "E 2:8 [c] the key \"c\" is not in the first object\n"
                                      "E 2:14 [d] the key \"d\" is not in the first object\n"
                                      "E 3:6 [] expected a value\n"
                                      "E 4:1 [] expected an object: {\"column\": \"text\", …}\n"
                                      "E 5:7 [] byte 0xFF is not UTF-8 (byte 50 of the file)\n"
                                      "E 6:8 [a] the key \"a\" is there twice\n");
}

TEST_CASE("a JSON array is read on behind bad members, and up to bad syntax") {
  CHECK(problems_of("[{\"a\":1},{\"b\":1},\n{\"a\":2,\"a\":3},{\"a\" 4},{\"b\":5}]", Format::json) ==
        "E 1:11 [b] the key \"b\" is not in the first object\n"
        "E 2:8 [a] the key \"a\" is there twice\n"
        "E 2:20 [] expected : after a key\n"
        "N 2:20 [] the rest of the file was not looked at\n");
}

TEST_CASE("a file that cannot be read at all has one problem") {
  CHECK(problems_of("") == "E 1:1 [] the file is empty\n");
  CHECK(problems_of("a,\xFF\n1,2\n") == "E 1:3 [] byte 0xFF is not UTF-8 (byte 2 of the file)\n");
  CHECK(problems_of("\x1F\x8B") == "E 1:1 [] this is a gzip file, not UTF-8 text\n");
  CHECK(problems_of("a,b\n") == "E 0:0 [] there are no rows below the header\n");
}

TEST_CASE("missing columns are errors, blank cells warnings, the rest notes") {
  const ValidateOptions options{.read = {.name = "f"}};
  CHECK(list_problems("\xEF\xBB\xBF"
                      "examples,ground_truth,x,x\na,b,,\n,\" \n\",,\nc, ,,\na,b,,\n",
                      Format::csv,
                      options) == "W 3:0 [examples] \"examples\" is blank in 1 of 4 rows: row 2\n"
                                  "W 3:0 [ground_truth] \"ground_truth\" is blank in 2 of 4 rows: rows 2, 3\n"
                                  "N 6:0 [] 1 row repeats an earlier one: row 4\n"
                                  "N 0:0 [] a byte order mark at the start was dropped\n"
                                  "N 0:0 [] column 4 is another \"x\": it is called \"x.1\"\n");
  CHECK(list_problems("Examples\na\n", Format::csv, options) ==
        "E 0:0 [examples] Dataset is missing required fields: examples\n");
}

TEST_CASE("long lists of rows are cut, and problems beyond the limit only counted") {
  std::string text = "a,b\n";
  for (int i = 0; i < 50; ++i) {
    text += "x,\nx\n";
  }
  ValidateOptions options{.read = {.name = "f"}, .required = {"b"}, .expected_full = {}, .limit = 5};
  TextSource source(text);
  const auto validation = validate_rows(source, Format::csv, options);
  CHECK(validation.problems.size() == 5);
  CHECK(validation.errors == 50);
  CHECK(validation.warnings == 1);
  CHECK(validation.notes == 1);
  options.limit = 1000;
  CHECK(list_problems(text, Format::csv, options)
            .find("W 2:0 [b] \"b\" is blank in 50 of 50 rows: rows 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 and 40 more\n") !=
        std::string::npos);
}
