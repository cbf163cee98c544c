#include "base/error.hpp"
#include "cli/global_options.hpp"
#include "cli/parse.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace lumi;
using namespace lumi::cli;

namespace {

struct Targets {
  std::int64_t limit = 100;
  std::optional<std::string> format;
  std::vector<std::string> metrics;
  std::vector<std::string> conditions;
  std::vector<std::string> files;
  bool force = false;
  GlobalOptions globals;
};

Targets parse(const std::vector<std::string>& args) {
  Targets targets;
  OptionSet set;
  set.option("-L,--limit", "N", targets.limit, "limit");
  set.option("--format", "F", targets.format, "format").choices({"csv", "tsv"});
  set.list("--metric", "M", targets.metrics, "metrics").synonym("--metrics");
  set.repeated("--require", "C", targets.conditions, "conditions");
  set.flag("--force", targets.force, "force");
  set.positional("FILE", targets.files, "files");
  bind_global_options(set, targets.globals);
  parse_arguments(set, "test", args);
  return targets;
}

std::string hint_of(const std::vector<std::string>& args) {
  try {
    parse(args);
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::usage);
    return error.hint();
  }
  return "no error";
}

}  // namespace

TEST_CASE("options in all their forms") {
  CHECK(parse({"-L", "5"}).limit == 5);
  CHECK(parse({"-L5"}).limit == 5);
  CHECK(parse({"--limit=5"}).limit == 5);
  CHECK(parse({"--limit", "-1"}).limit == -1);
  CHECK(parse({"--limit", "5", "--limit", "7"}).limit == 7);
  CHECK(parse({"--require=", "a.csv"}).conditions == std::vector<std::string>{""});
  CHECK(parse({"--require=", "a.csv"}).files == std::vector<std::string>{"a.csv"});
}

TEST_CASE("lists are split at commas outside brackets, conditions are not") {
  const auto targets =
      parse({"--metric", "rouge,bleu(smooth=true,lowercase=true)", "--metrics", "meteor", "--require", "a >= 1,5"});
  CHECK(targets.metrics == std::vector<std::string>{"rouge", "bleu(smooth=true,lowercase=true)", "meteor"});
  CHECK(targets.conditions == std::vector<std::string>{"a >= 1,5"});
}

TEST_CASE("an option takes one argument, and all else is positional") {
  const auto targets = parse({"a.csv", "--metric", "rouge", "b.csv", "-", "--", "--force"});
  CHECK(targets.files == std::vector<std::string>{"a.csv", "b.csv", "-", "--force"});
  CHECK_FALSE(targets.force);
}

TEST_CASE("--json never takes the next argument") {
  const auto bare = parse({"--json", "a.csv"});
  REQUIRE(bare.globals.json);
  CHECK(bare.globals.json->empty());
  CHECK(bare.files == std::vector<std::string>{"a.csv"});
  CHECK(*parse({"--json=id,name"}).globals.json == std::vector<std::string>{"id", "name"});
}

TEST_CASE("typing errors are usage errors with a hint") {
  CHECK(hint_of({"--limt", "5"}) == "did you mean \"--limit\"?");
  CHECK(hint_of({"--format", "cvs"}).find("did you mean \"csv\"?") != std::string::npos);
  CHECK(hint_of({"--limit"}) == "run 'lumi test --help' for the usage");
  CHECK_THROWS_WITH_AS(parse({"--limit", "many"}), "--limit needs a whole number, not \"many\"", Error);
}
