#include "cli/docs/topics.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>

using namespace lumi;

TEST_CASE("lumi alone, --help and help show the commands") {
  const test::CliFixture fixture;
  for (const auto& args : std::vector<std::vector<std::string>>{{}, {"--help"}, {"-h"}, {"help"}}) {
    const auto result = fixture.lumi(args);
    CHECK(result.exit == 0);
    CHECK(result.out.find("Commands\n") != std::string::npos);
    CHECK(result.out.find("config") != std::string::npos);
    CHECK(result.out.find("__complete") == std::string::npos);
  }
}

TEST_CASE("help of a command, a noun and every topic") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"help", "config", "list"}).out.find("lumi config list") != std::string::npos);
  CHECK(fixture.lumi({"help", "config"}).out.find("lumi config COMMAND") != std::string::npos);
  for (const auto& topic : cli::all_topics()) {
    CAPTURE(topic.name);
    CHECK(fixture.lumi({"help", topic.name}).out.size() > 300);
  }
  CHECK(fixture.lumi({"help", "exit-codes"}).out.find("gate_failed") != std::string::npos);
}

TEST_CASE("unknown commands are refused with a near one") {
  const test::CliFixture fixture;
  const auto noun = fixture.lumi({"cnfig"});
  CHECK(noun.exit == 2);
  CHECK(noun.err == "lumi: error: unknown command \"cnfig\"\nhint: did you mean \"config\"?\n");
  const auto verb = fixture.lumi({"config", "lst"});
  CHECK(verb.exit == 2);
  CHECK(verb.err.find("did you mean \"list\"?") != std::string::npos);
  const auto missing = fixture.lumi({"config"});
  CHECK(missing.exit == 2);
  CHECK(missing.err.find("list, get, set") != std::string::npos);
  CHECK(fixture.lumi({"help", "exit-code"}).err.find("exit-codes") != std::string::npos);
}

TEST_CASE("ls is list") {
  const test::CliFixture fixture;
  CHECK(fixture.lumi({"config", "ls"}).out == fixture.lumi({"config", "list"}).out);
}
