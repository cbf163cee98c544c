#include "support/cli.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

using namespace lumi;

namespace {

std::string text_of(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE_FIXTURE(test::CliFixture, "init writes a spec beside the dataset, and none over another") {
  const auto data = file("data.csv", "article,summary\na,b\n");
  const auto spec = (folder / "lumi.yaml").string();
  CHECK(lumi({"init", data, "-o", spec, "--model", "m@http://127.0.0.1:1/v1"}).exit == 0);
  const auto text = text_of(spec);
  CHECK(text.find("dataset: \"data.csv\"  # 1 rows of article, summary\n") != std::string::npos);
  CHECK(text.find("columns: {examples: \"article\", ground_truth: \"summary\"}\n") != std::string::npos);
  CHECK(lumi({"run", spec, "--check"}).exit == 0);
  CHECK(lumi({"init", data, "-o", spec}).exit == 6);
  CHECK(text_of(spec) == text);
}

TEST_CASE_FIXTURE(test::CliFixture, "init to stdout") {
  const auto data = file("data.csv", "examples,ground_truth\na,b\n");
  CHECK(lumi({"init", data, "-o", "-", "--name", "x"}).out.find("name: \"x\"\n") != std::string::npos);
  CHECK(lumi({"init", data, "-o", "-", "--json"}).exit == 2);
  CHECK(lumi({"init", (folder / "none.csv").string()}).exit == 5);
}
