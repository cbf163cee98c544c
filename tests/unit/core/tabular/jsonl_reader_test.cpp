#include "support/table.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using namespace lumi::tabular;
using lumi::test::read_table;
using lumi::test::Table;

namespace {

using Rows = std::vector<std::vector<std::string>>;
using namespace std::string_literals;

Table read_jsonl(std::string_view text) { return read_table(text, Format::jsonl, {.name = "d.jsonl"}); }

/// The text of the only cell of `{"a": json}`.
std::string cell(const std::string& json) {
  const auto table = read_jsonl("{\"a\": " + json + "}");
  CHECK(table.error == "");
  return table.rows.at(0).at(0);
}

}  // namespace

TEST_CASE("the first object names the columns; later ones may leave keys out and change their order") {
  const auto table = read_jsonl("{\"b\":\"1\",\"a\":\"2\"}\n\n  {\"a\":\"3\",\"b\":\"4\"} \r\n{}\n{\"a\":\"5\"}");
  CHECK(table.error == "");
  CHECK(table.columns == std::vector<std::string>{"b", "a"});
  CHECK(table.rows == Rows{{"1", "2"}, {"4", "3"}, {"", ""}, {"", "5"}});
  CHECK(table.lines == std::vector<std::uint64_t>{1, 3, 4, 5});
  CHECK(table.numbers == std::vector<std::uint64_t>{1, 2, 3, 4});
}

TEST_CASE("values become texts without losing a digit") {
  for (const auto* written :
       {"1.50", "12345678901234567890123", "-0", "0", "1e5", "1E+05", "-0.0e-3", "true", "false"}) {
    CHECK(cell(written) == written);
  }
  CHECK(cell("null") == "");
  CHECK(cell("\"\"") == "");
  CHECK(cell("\"null\"") == "null");
  CHECK(cell("[1, 2.50 , {\"b c\" : [ ]}, \"x \\\" y\"]") == "[1,2.50,{\"b c\":[]},\"x \\\" y\"]");
  CHECK(cell("{ }") == "{}");
}

TEST_CASE("escapes are decoded") {
  CHECK(cell(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(cell(R"("\u00e9\u00E9\u20ac\ud83d\ude00x")") == "éé€😀x");
  CHECK(cell(R"("a\u0001b")") == "a\x01"
                                 "b");
  const auto table = read_jsonl("{\"\\u0061\\n\": 1}\n{\"a\\u000a\": 2}\n");
  CHECK(table.columns == std::vector<std::string>{"a\n"});
  CHECK(table.rows == Rows{{"1"}, {"2"}});
}

TEST_CASE("nameless keys get a name") {
  const auto table = read_jsonl("{\"\": 1, \"b\": 2}\n{\"b\": 3, \"\": 4}\n");
  CHECK(table.columns == std::vector<std::string>{"Unnamed: 0", "b"});
  CHECK(table.rows == Rows{{"1", "2"}, {"4", "3"}});
  CHECK(table.notes.size() == 1);
}

TEST_CASE("what is wrong is said with line and column") {
  const std::string ok = "{\"a\": 1, \"é\": \"x\"}\n";
  struct Case {
    std::string text;
    std::string error;
  };
  const Case cases[] = {
      {"", "d.jsonl:1:1: the file is empty"},
      {"\n \n", "d.jsonl:3:1: the file is empty"},
      {"{}\n", "d.jsonl:1:1: the first object has no members, so there are no columns"},
      {"[1]\n", "d.jsonl:1:1: expected an object: {\"column\": \"text\", …}"},
      {ok + "  7\n", "d.jsonl:2:3: expected an object: {\"column\": \"text\", …}"},
      {ok + "{\"a\": 1\n", "d.jsonl:2:8: the object does not end"},
      {ok + "{\"é\" 1}\n", "d.jsonl:2:6: expected : after a key"},
      {ok + "{\"é\": 1 \"a\": 2}\n", "d.jsonl:2:9: expected , or } after a value"},
      {ok + "{\"a\": 1,}\n", "d.jsonl:2:9: expected a key in double quotes"},
      {ok + "{a: 1}\n", "d.jsonl:2:2: expected a key in double quotes"},
      {ok + "{\"a\": }\n", "d.jsonl:2:7: expected a value"},
      {ok + "{\"a\": NaN}\n", "d.jsonl:2:7: \"NaN\" is not a JSON value: for one that is missing, write null"},
      {ok + "{\"a\": -Infinity}\n", "d.jsonl:2:7: \"-Infinity\" is not a JSON number"},
      {ok + "{\"a\": 01}\n", "d.jsonl:2:7: \"01\" is not a JSON number"},
      {ok + "{\"a\": 1.}\n", "d.jsonl:2:7: \"1.\" is not a JSON number"},
      {ok + "{\"a\": .5}\n", "d.jsonl:2:7: expected a value"},
      {ok + "{\"a\": 1e}\n", "d.jsonl:2:7: \"1e\" is not a JSON number"},
      {ok + "{\"a\": \"x}\n", "d.jsonl:2:7: the string that starts here does not end"},
      {ok + "{\"a\": \"x\ty\"}\n",
       "d.jsonl:2:9: a control character in a string: write a line end as \\n and a tab as \\t"},
      {ok + "{\"a\": \"\\x\"}\n", "d.jsonl:2:8: a backslash that starts no escape: write it twice"},
      {ok + "{\"a\": \"\\u12g4\"}\n", "d.jsonl:2:8: \\u without four hexadecimal digits"},
      {ok + "{\"a\": \"é\\ud800\"}\n", "d.jsonl:2:9: half of a surrogate pair"},
      {ok + "{\"a\": \"\\ud800\\u0041\"}\n", "d.jsonl:2:8: half of a surrogate pair"},
      {ok + "{\"a\": \"\\udc00\"}\n", "d.jsonl:2:8: half of a surrogate pair"},
      {ok + "{\"a\": \"\\u0000\"}\n", "d.jsonl:2:8: a NUL character (\\u0000): texts cannot hold it"},
      {ok + "{\"a\": \"x\0\"}\n"s, "d.jsonl:2:9: a NUL character (byte 28 of the file)"},
      {ok + "{\"a\": \"x\xFF\"}\n", "d.jsonl:2:9: byte 0xFF is not UTF-8 (byte 28 of the file)"},
      {ok + "{\"a\": [1, 2}\n", "d.jsonl:2:12: expected , or ] after a value"},
      {ok + "{\"a\": [1,]}\n", "d.jsonl:2:10: expected a value"},
      {ok + "{\"a\": {\"b\":1,}}\n", "d.jsonl:2:14: expected a key in double quotes"},
      {ok + "{\"a\": 1} {\"a\": 2}\n", "d.jsonl:2:10: text after the object"},
      {ok + "{\"a\": 1, \"a\": 2}\n", "d.jsonl:2:10: the key \"a\" is there twice"},
      {"{\"a\": 1, \"\\u0061\": 2}\n", "d.jsonl:1:10: the key \"a\" is there twice"},
      {ok + "{\"a\": 1, \"b\": 2}\n", "d.jsonl:2:10: the key \"b\" is not in the first object"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(read_jsonl(c.text).error == c.error);
  }
}

TEST_CASE("an unknown key is answered with the key that was likely meant") {
  CHECK(read_jsonl("{\"examples\": 1}\n{\"example\": 2}\n").hint == "did you mean the column \"examples\"?");
  CHECK(read_jsonl("[{\"a\": 1}]").hint.find(".json") != std::string::npos);
}

TEST_CASE("deep nesting is refused, not followed") {
  const auto nested = [](std::size_t depth) {
    return "{\"a\": " + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(read_jsonl(nested(100)).error == "");
  CHECK(read_jsonl(nested(101)).error == "d.jsonl:1:107: nested deeper than 100 levels");
  CHECK(read_jsonl("{\"a\": " + std::string(1'000'000, '[')).error == "d.jsonl:1:107: nested deeper than 100 levels");
  std::string objects;
  for (int i = 0; i < 100'000; ++i) {
    objects += "{\"a\":";
  }
  CHECK(read_jsonl(objects).error.ends_with("nested deeper than 100 levels"));
}

TEST_CASE("texts, objects and members have limits") {
  ReadOptions small{.name = "d.jsonl", .max_cell_bytes = 4};
  CHECK(read_table("{\"a\": \"1\\u0032\\u0033\\n\"}", Format::jsonl, small).rows == Rows{{"123\n"}});
  const auto text = read_table("{\"a\": \"12345\"}", Format::jsonl, small);
  CHECK(text.error == "d.jsonl:1:7: a text is longer than 4 B");
  CHECK(text.code == ErrorCode::too_large);
  small = {.name = "d.jsonl", .max_row_bytes = 10};
  CHECK(read_table("{\"a\": 1}\n{\"a\": 12}\n{\"a\":  123}\n", Format::jsonl, small).error ==
        "d.jsonl:3:1: an object is longer than 10 B");
  small = {.name = "d.jsonl", .max_columns = 1};
  CHECK(read_table("{\"a\": 1, \"b\": 2}", Format::jsonl, small).code == ErrorCode::too_large);
}
