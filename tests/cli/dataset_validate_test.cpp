#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("dataset validate lists every problem and keeps nothing") {
  const test::CliFixture fixture;
  const auto path = fixture.file("v.csv", "examples,ground_truth\na,1\nb,1,2\nc,2,3\nd,\n");
  const auto result = fixture.lumi({"dataset", "validate", path, "--json"});
  CHECK(result.exit == 11);
  const auto found = nlohmann::json::parse(result.out);
  std::vector<int> error_lines;
  for (const auto& problem : found["items"]) {
    CHECK(problem.size() == 6);
    if (problem["severity"] == "error") {
      error_lines.push_back(problem["line"]);
    }
  }
  CHECK(error_lines == std::vector<int>{3, 4});
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "home"));
}

TEST_CASE("dataset validate accepts a good file") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"dataset", "validate", fixture.file("v.csv", "examples\na\n")});
  CHECK(result.exit == 0);
  CHECK(result.err.find("v.csv is a valid dataset: 1 rows, 0 errors") != std::string::npos);
}
