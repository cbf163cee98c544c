#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("dataset delete needs --yes where nobody can be asked") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto refused = fixture.lumi({"dataset", "delete", id});
  CHECK(refused.exit == 2);
  CHECK(refused.err.find("--yes") != std::string::npos);
  CHECK(fixture.lumi({"dataset", "delete", id, "--force"}).exit == 2);
  CHECK(fixture.lumi({"dataset", "get", id}).exit == 0);
  CHECK(fixture.lumi({"dataset", "delete", id, "--yes", "--json"}).out == "{\"deleted\":[\"" + id + "\"]}\n");
  CHECK(fixture.lumi({"dataset", "get", id}).exit == 5);
  CHECK(std::filesystem::is_empty(fixture.folder / "home" / "objects"));
}

TEST_CASE("dataset delete asks on a terminal") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto no = fixture.lumi_at_terminal({"dataset", "delete", id}, "n\n");
  CHECK(no.err.find("Delete dataset " + id + " (data.csv)? [y/N]") != std::string::npos);
  CHECK(fixture.lumi({"dataset", "get", id}).exit == 0);
  CHECK(fixture.lumi_at_terminal({"dataset", "delete", id}, "y\n").exit == 0);
  CHECK(fixture.lumi({"dataset", "get", id}).exit == 5);
}

TEST_CASE("dataset delete tries every id") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  CHECK(fixture.lumi({"dataset", "delete", id, "--dry-run"}).out == id + "\n");
  const std::string unknown = "00000000-0000-4000-8000-000000000000";
  const auto result = fixture.lumi({"dataset", "delete", unknown, id, "--yes"});
  CHECK(result.exit == 5);
  CHECK(fixture.lumi({"dataset", "list"}).out.empty());
  CHECK(fixture.lumi({"dataset", "delete", unknown, "--yes", "--ignore-not-found"}).exit == 0);
}
