#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("restore brings back what was backed up") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto file = (fixture.folder / "backup.tar").string();
  REQUIRE(fixture.lumi({"backup", file}).exit == 0);
  const auto other = (fixture.folder / "other").string();
  CHECK(fixture.lumi({"restore", file, "--home", other}).exit == 0);
  CHECK(fixture.lumi({"dataset", "download", id, "-o", "-", "--home", other}).out ==
        fixture.lumi({"dataset", "download", id, "-o", "-"}).out);
  CHECK(fixture.lumi({"restore", file, "--home", other}).exit == 6);
  CHECK(fixture.lumi({"restore", file, "--home", other, "--force"}).exit == 2);
}

TEST_CASE("restore refuses a damaged backup and changes nothing") {
  const test::CliFixture fixture;
  fixture.create_dataset();
  const auto file = (fixture.folder / "backup.tar").string();
  REQUIRE(fixture.lumi({"backup", file}).exit == 0);
  auto bytes = read_file(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  std::ofstream(file, std::ios::binary) << bytes;
  const auto other = (fixture.folder / "other").string();
  CHECK(fixture.lumi({"restore", file, "--home", other}).exit == 11);
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "other" / "lumi.db"));
}
