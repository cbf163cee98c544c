#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("gc removes objects without a row, and asks first") {
  const test::CliFixture fixture;
  const auto id = fixture.create_dataset();
  const auto orphan = fixture.folder / "home" / "objects" / "datasets" / "x" / "dataset.csv";
  std::filesystem::create_directories(orphan.parent_path());
  std::ofstream(orphan) << "left behind";
  CHECK(fixture.lumi({"gc", "--older-than", "0s"}).exit == 2);
  CHECK(fixture.lumi({"gc", "--dry-run", "--older-than", "0s"}).out ==
        "unreferenced object\t11\tdatasets/x/dataset.csv\t\n");
  CHECK(std::filesystem::exists(orphan));
  CHECK(fixture.lumi({"gc", "--yes"}).out.empty());
  CHECK(fixture.lumi({"gc", "--yes", "--older-than", "0s"}).exit == 0);
  CHECK_FALSE(std::filesystem::exists(orphan));
  CHECK(fixture.lumi({"dataset", "download", id, "-o", "-"}).exit == 0);
  CHECK(fixture.lumi({"gc", "--yes", "--older-than", "soon"}).exit == 2);
}
