#include "core/tabular/columns.hpp"

#include <doctest/doctest.h>

using namespace lumi::tabular;

TEST_CASE("repeated and nameless columns get the names that pandas gives them") {
  const std::pair<std::vector<std::string>, std::vector<std::string>> cases[] = {
      {{"a", "b"}, {"a", "b"}},
      {{"a", "a", "a"}, {"a", "a.1", "a.2"}},
      {{"a", "a", "a.1"}, {"a", "a.2", "a.1"}},
      {{"a.1", "a", "a", "a"}, {"a.1", "a", "a.2", "a.3"}},
      {{"a", "a.1", "a", "a"}, {"a", "a.1", "a.2", "a.3"}},
      {{"", "a", ""}, {"Unnamed: 0", "a", "Unnamed: 2"}},
      {{"a", "", "a", "", "Unnamed: 1"}, {"a", "Unnamed: 1.1", "a.1", "Unnamed: 3", "Unnamed: 1"}},
  };
  for (const auto& [header, names] : cases) {
    CHECK(name_columns(header).names == names);
  }
}

TEST_CASE("a note says what a column was and is called") {
  const auto named = name_columns({"a", "", "a"});
  CHECK(named.notes == std::vector<std::string>{"column 3 is another \"a\": it is called \"a.1\"",
                                                "column 2 has no name: it is called \"Unnamed: 1\""});
}

TEST_CASE("a hundred thousand columns of one name take no long time") {
  const auto named = name_columns(std::vector<std::string>(100'000, "x"));
  CHECK(named.names.back() == "x.99999");
}

TEST_CASE("missing columns are named together, with near names") {
  CHECK_FALSE(find_missing_columns({"examples", "x"}, {"examples"}));
  const auto problem = find_missing_columns({" Examples", "ground_trut"}, {"examples", "ground_truth", "zzz"});
  REQUIRE(problem);
  CHECK(problem->message == "Dataset is missing required fields: examples, ground_truth, zzz");
  CHECK(problem->hint == "the column \" Examples\" differs in capitals or blanks only; did you mean the column "
                         "\"ground_trut\"?; the columns are \" Examples\", \"ground_trut\"");
}
