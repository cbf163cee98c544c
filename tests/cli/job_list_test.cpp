#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("job list filters by type and status") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"job", "list", "--json"}).out == "{\"total\":0,\"items\":[]}\n");
  const auto id = fixture.create_job();
  const auto total = [&](const std::vector<std::string>& flags) {
    std::vector<std::string> args{"job", "list", "--json"};
    args.insert(args.end(), flags.begin(), flags.end());
    return nlohmann::json::parse(fixture.lumi(args).out)["total"].get<int>();
  };
  CHECK(total({}) == 1);
  CHECK(total({"--type", "evaluator"}) == 1);
  CHECK(total({"--type", "inference"}) == 0);
  CHECK(total({"--type", "evalautor"}) == 0);
  CHECK(fixture.lumi({"job", "list", "--type", "evalautor"}).err.find("did you mean \"evaluator\"?") !=
        std::string::npos);
  CHECK(total({"--status", "succeeded"}) == 1);
  CHECK(total({"--status", "failed"}) == 0);
  CHECK(total({"--status", "failed", "--status", "succeeded"}) == 1);
  CHECK(fixture.lumi({"job", "list", "--status", "suceeded"}).exit == 2);
  CHECK(fixture.lumi({"job", "list", "--json=id"}).out == "{\"total\":1,\"items\":[{\"id\":\"" + id + "\"}]}\n");
}
