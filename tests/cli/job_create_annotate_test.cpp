#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("annotating without a word about the model means Lumigator's own, which needs a worker") {
  const test::CliFixture fixture;
  const auto result =
      fixture.lumi({"job", "create", "annotate", "--dataset", fixture.file("a.csv", "examples\none\n")});
  CHECK(result.exit == 2);
  CHECK(result.err.find("hf") != std::string::npos);
}

TEST_CASE("a model of another provider makes a plan") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"job",
                                    "create",
                                    "annotate",
                                    "--dataset",
                                    fixture.file("a.csv", "examples\none\n"),
                                    "--model",
                                    "m",
                                    "--base-url",
                                    "http://127.0.0.1:1/v1",
                                    "--dry-run",
                                    "--json"});
  CHECK(result.exit == 0);
  CHECK(nlohmann::json::parse(result.out)["model"] == "m");
  CHECK(fixture.lumi({"job", "create", "annotate", "--output-field", "x"}).exit == 2);
}
