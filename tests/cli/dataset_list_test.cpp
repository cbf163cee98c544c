#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("dataset list: newest first, with the true total") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"dataset", "list", "--json"}).out == "{\"total\":0,\"items\":[]}\n");
  const auto first = fixture.create_dataset();
  const auto second = fixture.create_dataset("examples\nother\n");
  const auto all = nlohmann::json::parse(fixture.lumi({"dataset", "list", "--json=id"}).out);
  CHECK(all["total"] == 2);
  CHECK(all["items"][0]["id"] == second);
  CHECK(all["items"][1]["id"] == first);
  const auto page = nlohmann::json::parse(fixture.lumi({"dataset", "list", "--skip", "1", "-L", "5", "--json=id"}).out);
  CHECK(page["total"] == 2);
  CHECK(page["items"].size() == 1);
  CHECK(page["items"][0]["id"] == first);
  CHECK(nlohmann::json::parse(fixture.lumi({"dataset", "list", "--limit", "0", "--json"}).out)["items"].size() == 2);
  CHECK(nlohmann::json::parse(fixture.lumi({"dataset", "list", "--skip", "-3", "--json"}).out)["items"].size() == 2);
}

TEST_CASE("dataset list in a pipe is tab-separated") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto result = fixture.lumi({"dataset", "list", "--header"});
  CHECK(result.out.starts_with("id\tfilename\tsize\tground_truth\tcreated_at\n" + id + "\tdata.csv\t34\ttrue\t"));
}
