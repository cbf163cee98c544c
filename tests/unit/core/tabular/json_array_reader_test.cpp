#include "support/table.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using namespace lumi::tabular;
using lumi::test::read_table;
using lumi::test::Table;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Table read_json(std::string_view text, std::size_t block_bytes = 128 * 1024) {
  return read_table(text, Format::json, {.name = "d.json", .block_bytes = block_bytes});
}

}  // namespace

TEST_CASE("an array of objects is read whatever its layout, in blocks of any size") {
  const std::string text =
      "\n[ {\"a\": \"1\", \"b\": [1, {\"c\": \"]}\"}]},\n  {\n\"b\" : 1.50,\"a\":\"x\\ny\"}\n,{\"a\":null}]\n ";
  for (std::size_t block = 1; block < 70; ++block) {
    const auto table = read_json(text, block);
    CHECK(table.error == "");
    CHECK(table.columns == std::vector<std::string>{"a", "b"});
    CHECK(table.rows == Rows{{"1", "[1,{\"c\":\"]}\"}]"}, {"x\ny", "1.50"}, {"", ""}});
    CHECK(table.lines == std::vector<std::uint64_t>{2, 3, 5});
  }
}

TEST_CASE("columns are counted on long lines") {
  CHECK(read_json("[{\"é\":\"\\n\"},{\"é\":1},{\"x\":1}]").error ==
        "d.json:1:22: the key \"x\" is not in the first object");
  CHECK(read_json("[{\"é\":\"\\n\"},{\"é\":1},\n{\"x\":1}]").error ==
        "d.json:2:2: the key \"x\" is not in the first object");
}

TEST_CASE("what is wrong is said with line and column") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "d.json:1:1: the file is empty"},
      {" \n ", "d.json:2:2: the file is empty"},
      {"[]", "d.json:1:2: the array is empty: there are no rows"},
      {"[{}]", "d.json:1:2: the first object has no members, so there are no columns"},
      {"{\"a\": [1, 2]}", "d.json:1:1: expected an array of objects, but this is an object"},
      {"7", "d.json:1:1: expected an array of objects: [{\"column\": \"text\", …}, …]"},
      {"[7]", "d.json:1:2: expected an object: {\"column\": \"text\", …}"},
      {"[{\"a\":1},7]", "d.json:1:10: expected an object: {\"column\": \"text\", …}"},
      {"[{\"a\":1} {\"a\":1}]", "d.json:1:10: expected , or ] after an object"},
      {"[{\"a\":1},]", "d.json:1:10: expected an object: {\"column\": \"text\", …}"},
      {"[{\"a\":1}", "d.json:1:9: the array does not end"},
      {"[{\"a\":1},", "d.json:1:10: the array does not end"},
      {"[", "d.json:1:2: the array does not end"},
      {"[{\"a\":1}]x", "d.json:1:10: text after the array"},
      {"[{\"a\":1}]]", "d.json:1:10: text after the array"},
      {"[{\"a\":1},\n{\"a\" 1}]", "d.json:2:6: expected : after a key"},
      {"[{\"a\":1},\n\xFF]", "d.json:2:1: byte 0xFF is not UTF-8 (byte 10 of the file)"},
      {"[{\"a\":1,\"a\":2}]", "d.json:1:9: the key \"a\" is there twice"},
  };
  for (const auto& [text, error] : cases) {
    CAPTURE(text);
    CHECK(read_json(text).error == error);
  }
  CHECK(read_json("{\"a\":1}\n{\"a\":2}\n").hint.find(".jsonl") != std::string::npos);
}

TEST_CASE("an object longer than the limit is refused") {
  const ReadOptions small{.name = "d.json", .max_row_bytes = 10};
  const auto table = read_table("[{\"a\": 1},\n {\"a\": 1234}]", Format::json, small);
  CHECK(table.error == "d.json:2:2: an object is longer than 10 B");
  CHECK(table.code == ErrorCode::too_large);
}
