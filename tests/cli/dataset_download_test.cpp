#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("dataset download: to stdout, a file, a folder, and never over a file") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset("examples,n\r\n\"a\"\"b\",NA\r\n");
  const std::string stored = "examples,n\n\"a\"\"b\",NA\n";
  CHECK(fixture.lumi({"dataset", "download", id, "-o", "-"}).out == stored);
  const auto target = (fixture.folder / "out.csv").string();
  CHECK(fixture.lumi({"dataset", "download", id, "-o", target}).exit == 0);
  CHECK(read_file(target) == stored);
  const auto again = fixture.lumi({"dataset", "download", id, "-o", target});
  CHECK(again.exit == 6);
  CHECK(again.err.find("--force") != std::string::npos);
  CHECK(fixture.lumi({"dataset", "download", id, "-o", target, "--force"}).exit == 0);
  std::filesystem::create_directory(fixture.folder / "folder");
  CHECK(fixture.lumi({"dataset", "download", id, "-o", (fixture.folder / "folder").string()}).exit == 0);
  CHECK(read_file(fixture.folder / "folder" / "data.csv") == stored);
  CHECK(fixture.lumi({"dataset", "download", id, "-o", "-", "--json"}).exit == 2);
}

TEST_CASE("dataset download --url gives file URLs by extension") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto answer = nlohmann::json::parse(fixture.lumi({"dataset", "download", id, "--url", "--json"}).out);
  CHECK(answer["id"] == id);
  REQUIRE(answer["download_urls"].size() == 1);
  CHECK(answer["download_urls"][0].get<std::string>().starts_with("file:///"));
  CHECK(fixture.lumi({"dataset", "download", id, "--url", "--extension", "arrow"}).out.empty());
  CHECK_FALSE(fixture.lumi({"dataset", "download", id, "--url", "--extension", " CSV "}).out.empty());
}

TEST_CASE("dataset download refuses a damaged object") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto url = fixture.lumi({"dataset", "download", id, "--url"}).out;
  const auto path = url.substr(7, url.size() - 8);
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  std::ofstream(path, std::ios::app) << "x";
  const auto target = fixture.folder / "damaged.csv";
  CHECK(fixture.lumi({"dataset", "download", id, "-o", target.string()}).exit == 12);
  CHECK_FALSE(std::filesystem::exists(target));
}
