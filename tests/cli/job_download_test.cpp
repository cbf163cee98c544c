#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("job download: results.json to stdout, a folder, a URL") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  const auto piped = fixture.lumi({"job", "download", id, "-o", "-"}).out;
  CHECK(nlohmann::json::parse(piped)["metrics"]["rouge"]["rouge1"][0] == 1.0);
  CHECK(fixture.lumi({"job", "download", id, "-o", fixture.folder.path().string()}).exit == 0);
  CHECK(read_file(fixture.folder / "results.json") == piped);
  CHECK(fixture.lumi({"job", "download", id, "-o", fixture.folder.path().string()}).exit == 6);
  const auto url = nlohmann::json::parse(fixture.lumi({"job", "download", id, "--url", "--json"}).out);
  CHECK(url["id"] == id);
  CHECK(url["download_url"].get<std::string>().starts_with("file:///"));
}
