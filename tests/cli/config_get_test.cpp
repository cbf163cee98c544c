#include "support/cli.hpp"

#include <doctest/doctest.h>

#include <fstream>

using namespace lumi;

TEST_CASE("config get: flag, environment, file, default") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"config", "get", "storage"}).out == "file:\n");
  std::ofstream(fixture.folder / "config.yaml") << "storage: file:///in-file\ndataset: {max_size: 1MB}\n";
  CHECK(fixture.lumi({"config", "get", "storage"}).out == "file:///in-file\n");
  CHECK(fixture.lumi({"config", "get", "dataset.max_size"}).out == "1MB\n");
  setenv("LUMI_STORAGE", "file:///in-environment", 1);
  CHECK(fixture.lumi({"config", "get", "storage"}).out == "file:///in-environment\n");
  CHECK(fixture.lumi({"--storage", "file:///flag", "config", "get", "storage"}).out == "file:///flag\n");
  unsetenv("LUMI_STORAGE");
}

TEST_CASE("config get: what is wrong is named") {
  const test::CliFixture fixture;
  const auto unknown = fixture.lumi({"config", "get", "storag"});
  CHECK(unknown.exit == 2);
  CHECK(unknown.err.find("did you mean \"storage\"?") != std::string::npos);
  std::ofstream(fixture.folder / "config.yaml") << "color: auto\nstorge: x\n";
  const auto in_file = fixture.lumi({"config", "get", "storage"});
  CHECK(in_file.exit == 11);
  CHECK(in_file.err.find("config.yaml:2") != std::string::npos);
  CHECK(in_file.err.find("storge") != std::string::npos);
  std::ofstream(fixture.folder / "config.yaml") << "color: [auto\n";
  CHECK(fixture.lumi({"config", "get", "storage"}).exit == 11);
}
