#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace lumi;

TEST_CASE("storage copy asks first, copies, and keeps the source until gc --source") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto there = fixture.folder / "there";
  const auto url = "file://" + there.string();
  CHECK(fixture.lumi({"storage", "copy", "--to", url}).exit == 2);
  const auto plan = nlohmann::json::parse(fixture.lumi({"storage", "copy", "--to", url, "--dry-run", "--json"}).out);
  CHECK(plan["objects"] == 1);
  CHECK(plan["copied"] == 0);
  CHECK_FALSE(std::filesystem::exists(there));

  const auto done = fixture.lumi({"storage", "copy", "--to", url, "--yes", "--read-data"});
  CHECK(done.exit == 0);
  CHECK(done.out.starts_with(url + "\t1\t1\t"));
  CHECK(done.err.find("lumi gc --source") != std::string::npos);
  CHECK(fixture.lumi({"dataset", "download", id, "-o", "-"}).exit == 0);
  CHECK(fixture.lumi({"gc", "--yes", "--older-than", "0s"}).out.empty());
  CHECK(fixture.lumi({"gc", "--yes", "--source"}).out.starts_with("copied object\t"));
  CHECK(fixture.lumi({"dataset", "download", id, "-o", "-"}).exit == 0);
}

TEST_CASE("storage copy needs a storage") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"storage", "copy"}).exit == 2);
  CHECK(fixture.lumi({"storage", "copy", "--to", "ftp://host", "--yes"}).exit == 2);
  fixture.create_dataset();
  CHECK(fixture.lumi({"storage", "copy", "--to", "ftp://host", "--yes"}).exit == 2);
}
