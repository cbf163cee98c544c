#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace lumi;

TEST_CASE("job logs: all of it, its end, as JSON") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  const auto whole = fixture.lumi({"job", "logs", id}).out;
  CHECK(whole.find("started\n") != std::string::npos);
  CHECK(whole.ends_with("succeeded\n"));
  const auto last = fixture.lumi({"job", "logs", id, "--tail", "1"}).out;
  CHECK(whole.ends_with(last));
  CHECK(last.find('\n') == last.size() - 1);
  CHECK(nlohmann::json::parse(fixture.lumi({"job", "logs", id, "--json"}).out)["logs"] == whole);
  CHECK(fixture.lumi({"job", "logs", "00000000-0000-4000-8000-000000000000"}).exit == 5);
}

TEST_CASE("job logs --follow prints a log that has ended, its end, or its lines as JSON") {
  const test::CliFixture fixture;
  const auto id = fixture.create_job();
  const auto whole = fixture.lumi({"job", "logs", id}).out;
  CHECK(fixture.lumi({"job", "logs", id, "-f"}).out == whole);
  CHECK(fixture.lumi({"job", "logs", id, "--follow", "--tail", "1"}).out ==
        fixture.lumi({"job", "logs", id, "--tail", "1"}).out);
  const auto lines = fixture.lumi({"job", "logs", id, "-f", "--json"}).out;
  const auto first = lines.substr(0, lines.find('\n'));
  CHECK(nlohmann::json::parse(first)["logs"] == whole.substr(0, whole.find('\n')));
  CHECK(std::count(lines.begin(), lines.end(), '\n') == std::count(whole.begin(), whole.end(), '\n'));
  CHECK(fixture.lumi({"job", "logs", "00000000-0000-4000-8000-000000000000", "-f"}).exit == 5);
}
