#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("job samples: all, the worst, the best, with a diff") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  const auto rows = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> args{"job", "samples", id};
    args.insert(args.end(), flags.begin(), flags.end());
    std::vector<int> numbers;
    std::istringstream lines(fixture.lumi(args).out);
    for (std::string line; std::getline(lines, line);) {
      numbers.push_back(nlohmann::json::parse(line)["row"]);
    }
    return numbers;
  };
  CHECK(rows({}) == std::vector<int>{1, 2, 3});
  CHECK(rows({"--worst", "2", "--metric", "rouge1"}) == std::vector<int>{3, 2});
  CHECK(rows({"--best", "1", "--metric", "rougeL"}) == std::vector<int>{1});
  CHECK(rows({"--status", "error"}).empty());
  CHECK(fixture.lumi({"job", "samples", id, "--worst", "1", "--diff"}).out == "3\t[-all of it-] {+nothing+}\n");
  CHECK(fixture.lumi({"job", "samples", id, "--worst", "1", "--best", "1"}).exit == 2);
  CHECK(fixture.lumi({"job", "samples", id, "--worst", "1", "--metric", "meteor"}).exit == 2);
  const auto shown = fixture.lumi_at_terminal({"job", "samples", id, "--worst", "1", "--diff"});
  CHECK(shown.out.find("\x1b[31mall of it\x1b[0m \x1b[32mnothing\x1b[0m") != std::string::npos);
}
