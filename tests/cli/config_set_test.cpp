#include "base/file.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace lumi;

TEST_CASE("config set keeps everything else in the file") {
  const test::CliFixture fixture;
  const auto file = fixture.folder / "config.yaml";
  std::ofstream(file) << "# mine\nstorage: file:///old  # why\ndataset:\n  max_size: 1MB\n";
  CHECK(fixture.lumi({"config", "set", "storage", "file:///new"}).exit == 0);
  CHECK(fixture.lumi({"config", "set", "dataset.max_size", "2MB"}).exit == 0);
  CHECK(fixture.lumi({"config", "set", "evaluation.threads", "3"}).exit == 0);
  CHECK(read_file(file) == "# mine\nstorage: \"file:///new\"  # why\ndataset:\n  max_size: \"2MB\"\n"
                           "evaluation.threads: \"3\"\n");
  CHECK(fixture.lumi({"config", "get", "evaluation.threads"}).out == "3\n");
}

TEST_CASE("config set refuses what does not fit and writes nothing") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"config", "set", "dataset.max_size", "big"}).exit == 2);
  CHECK(fixture.lumi({"config", "set", "nothing", "1"}).exit == 2);
  CHECK_FALSE(std::filesystem::exists(fixture.folder / "config.yaml"));
}

TEST_CASE("config set warns where the environment still wins") {
  const test::CliFixture fixture;
  setenv("LUMI_STORAGE", "file:///env", 1);
  const auto result = fixture.lumi({"config", "set", "storage", "file:///new"});
  unsetenv("LUMI_STORAGE");
  CHECK(result.exit == 0);
  CHECK(result.err.find("environment LUMI_STORAGE still says") != std::string::npos);
}
