#include "core/tabular/row_reader.hpp"

#include <doctest/doctest.h>

TEST_CASE("the extension says the format, and CSV is the rest") {
  using lumi::tabular::Format;
  using lumi::tabular::format_of;
  CHECK(format_of("a.TSV") == Format::tsv);
  CHECK(format_of("a.b.jsonl") == Format::jsonl);
  CHECK(format_of("a.json") == Format::json);
  CHECK(format_of("notes.txt") == Format::csv);
  CHECK(format_of("csv") == Format::csv);
}
