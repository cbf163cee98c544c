#include "core/tabular/csv_writer.hpp"
#include "support/table.hpp"

#include <doctest/doctest.h>

using namespace lumi;
using namespace lumi::tabular;
using lumi::test::write_table;

namespace {

std::string write_one(const std::vector<std::string>& cells, ExcelSafe excel_safe = ExcelSafe::no) {
  return write_table({.columns = cells}, excel_safe);
}

}  // namespace

TEST_CASE("quotes are written where they are needed, and only there") {
  CHECK(write_one({"a", "b c", "", " d "}) == "a,b c,, d \n");
  CHECK(write_one({"x,y", "say \"hi\"", "1\n2", "1\r2", "\""}) ==
        "\"x,y\",\"say \"\"hi\"\"\",\"1\n2\",\"1\r2\",\"\"\"\"\n");
  CHECK(write_one({"it's", "a;b", "a\tb", "'"}) == "it's,a;b,a\tb,'\n");
  CHECK(write_one({""}) == "\"\"\n");
  CHECK(write_one({"", ""}) == ",\n");
  CHECK(write_one({"\xEF\xBB\xBFx"}) == "\"\xEF\xBB\xBFx\"\n");
}

TEST_CASE("a special character is found at any place in cells of any length") {
  for (const auto length : {1U, 3U, 4U, 7U, 8U, 15U, 16U, 17U, 31U, 32U, 33U, 64U, 100U}) {
    const std::string plain(length, 'x');
    CHECK(write_one({plain, "y"}) == plain + ",y\n");
    for (std::size_t at = 0; at < length; ++at) {
      for (const char special : {',', '"', '\n', '\r'}) {
        auto text = plain;
        text[at] = special;
        auto written = text;
        if (special == '"') {
          written.insert(at, 1, '"');
        }
        CHECK(write_one({text, "y"}) == '"' + written + "\",y\n");
      }
    }
  }
}

TEST_CASE("cells longer than the buffer are written whole") {
  const std::string plain(100'000, 'x');
  CHECK(write_one({plain, plain}) == plain + ',' + plain + '\n');
  for (const auto at : {0U, 16'383U, 16'384U, 99'984U, 99'999U}) {
    auto text = plain;
    text[at] = '"';
    auto written = text;
    written.insert(at, 1, '"');
    CHECK(write_one({"a", text, "b"}) == "a,\"" + written + "\",b\n");
  }
  CHECK(write_one({std::string(50'000, '"')}) == '"' + std::string(100'000, '"') + "\"\n");
}

TEST_CASE("with ExcelSafe::yes no cell starts as a formula does") {
  CHECK(write_one({"=1+1", "+1", "-1", "@x", "\tx", "a=b", ""}, ExcelSafe::yes) == "'=1+1,'+1,'-1,'@x,'\tx,a=b,\n");
  CHECK(write_one({"\rx", "=\"a\",b"}, ExcelSafe::yes) == "\"'\rx\",\"'=\"\"a\"\",b\"\n");
  CHECK(write_one({"=1+1", "-1"}) == "=1+1,-1\n");
  CHECK(write_one({'=' + std::string(70'000, 'x')}, ExcelSafe::yes) == "'=" + std::string(70'000, 'x') + '\n');
}
