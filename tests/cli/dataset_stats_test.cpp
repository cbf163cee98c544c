#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("dataset stats counts rows, blanks, repetitions and lengths") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset("examples,ground_truth\none two,x\none two,x\nnaïve, \n");
  const auto stats = nlohmann::json::parse(fixture.lumi({"dataset", "stats", id, "--json"}).out);
  CHECK(stats["rows"] == 3);
  CHECK(stats["duplicate_rows"] == 1);
  CHECK(stats["columns"][0]["name"] == "examples");
  CHECK(stats["columns"][0]["distinct"] == 2);
  CHECK(stats["columns"][0]["words"]["max"] == 2);
  CHECK(stats["columns"][0]["characters"]["min"] == 5);
  CHECK(stats["columns"][1]["blank"] == 1);
}
