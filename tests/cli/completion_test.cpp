#include "cli/docs/complete.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace lumi;
using namespace lumi::cli;

namespace {

std::vector<std::string> words_at_end(std::vector<std::string> words) {
  words.insert(words.begin(), "lumi");
  const auto live = [](Completes what) {
    return what == Completes::nothing ? std::vector<Candidate>() : std::vector<Candidate>{{"0a1b2c3d", "data.csv"}};
  };
  std::vector<std::string> found;
  for (const auto& candidate : complete(words, words.size() - 1, live).candidates) {
    found.push_back(candidate.word);
  }
  return found;
}

bool has(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

TEST_CASE("completion knows nouns, verbs, flags and values") {
  CHECK(has(words_at_end({""}), "config"));
  CHECK_FALSE(has(words_at_end({""}), "__complete"));
  CHECK(words_at_end({"conf"}) == std::vector<std::string>{"config"});
  CHECK(words_at_end({"config", "s"}) == std::vector<std::string>{"set"});
  CHECK(has(words_at_end({"--no-progress", "config", ""}), "list"));
  CHECK(has(words_at_end({"config", "list", "--j"}), "--json"));
  CHECK(words_at_end({"--color", "al"}) == std::vector<std::string>{"always"});
  CHECK(words_at_end({"--color=al"}) == std::vector<std::string>{"--color=always"});
  CHECK(words_at_end({"config", "get", "stor"}) == std::vector<std::string>{"storage"});
  CHECK(words_at_end({"config", "list", "--json=key,va"}) == std::vector<std::string>{"--json=key,value"});
  CHECK(words_at_end({"completion", ""}) == std::vector<std::string>{"bash", "zsh", "fish"});
  CHECK(words_at_end({"nonsense", ""}).empty());
}

TEST_CASE("the scripts are printed and ask the program") {
  const test::CliFixture fixture;
  for (const auto* shell : {"bash", "zsh", "fish"}) {
    const auto result = fixture.lumi({"completion", shell});
    CHECK(result.exit == 0);
    CHECK(result.out.find("__complete") != std::string::npos);
  }
  CHECK(fixture.lumi({"completion", "csh"}).exit == 2);
  CHECK(fixture.lumi({"__complete", "1", "--", "lumi", "conf"}).out == "config\tRead and write settings\n");
}
