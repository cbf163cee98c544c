#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>

using namespace lumi;

TEST_CASE("export: a job with its dataset and results, as a folder") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  const auto folder = (fixture.folder / "out").string();
  const auto result = nlohmann::json::parse(fixture.lumi({"export", id.substr(0, 8), "-o", folder, "--json"}).out);
  CHECK(result["jobs"] == 1);
  CHECK(result["datasets"] == 1);
  CHECK(result["objects"] == 2);
  CHECK(std::filesystem::exists(folder + "/manifest.json"));
  CHECK(fixture.lumi({"export", id, "-o", folder}).exit == 6);
  CHECK(fixture.lumi({"export", id}).exit == 2);
  CHECK(fixture.lumi({"export", "-o", folder}).exit == 2);
  CHECK(fixture.lumi({"export", "00000000-0000-4000-8000-000000000000", "-o", folder + "2"}).exit == 5);
  CHECK_FALSE(std::filesystem::exists(folder + "2"));
}
