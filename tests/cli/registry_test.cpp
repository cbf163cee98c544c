#include "cli/docs/dump.hpp"
#include "cli/docs/help.hpp"
#include "cli/global_options.hpp"
#include "cli/registry.hpp"
#include "cli/resolve.hpp"
#include "support/cli.hpp"
#include "support/golden.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

using namespace lumi;
using namespace lumi::cli;

namespace {

/// The words of an example line as a shell would split it, up to the first pipe, `&&`, `>` or `<(`.
std::vector<std::string> words_of(const std::string& line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quoted = 0;
  for (const char c : line + " ") {
    if (quoted != 0) {
      if (c == quoted) {
        quoted = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quoted = c;
      in_word = true;
    } else if (c == ' ') {
      if (in_word) {
        if (word == "|" || word == "&&" || word == ">" || word == "||") {
          return words;
        }
        words.push_back(word);
      }
      word.clear();
      in_word = false;
    } else {
      word += c;
      in_word = true;
    }
  }
  return words;
}

}  // namespace

TEST_CASE("every command says what it is, and its entry says the same") {
  std::set<std::string> paths;
  for (const auto& entry : all_commands()) {
    CAPTURE(entry.path);
    const auto command = entry.make();
    CHECK(command.spec.path == entry.path);
    CHECK(command.spec.summary == entry.summary);
    CHECK_FALSE(command.spec.summary.empty());
    CHECK_FALSE(command.spec.summary.ends_with('.'));
    CHECK_FALSE(command.spec.examples.empty());
    CHECK(command.spec.hidden == entry.path.starts_with("__"));
    CHECK(paths.insert(std::string(entry.path)).second);
  }
}

TEST_CASE("every noun of a command is described") {
  std::set<std::string> described;
  for (const auto& group : all_groups()) {
    described.insert(std::string(group.path));
    CHECK_FALSE(verbs_of(group.path).empty());
  }
  for (const auto& entry : all_commands()) {
    if (const auto space = entry.path.rfind(' '); space != std::string_view::npos) {
      CAPTURE(entry.path);
      CHECK(described.count(std::string(entry.path.substr(0, entry.path.find(' ')))) == 1);
      CHECK(described.count(std::string(entry.path.substr(0, space))) == 1);
    }
  }
}

TEST_CASE("every option has names of its own, help and a value name") {
  for (const auto& entry : all_commands()) {
    CAPTURE(entry.path);
    const auto command = entry.make();
    OptionSet set;
    GlobalOptions globals;
    command.bind(set);
    bind_global_options(set, globals);
    std::set<std::string> names;
    for (const auto& definition : set.definitions()) {
      CAPTURE(definition.display_name());
      CHECK_FALSE(definition.help.empty());
      CHECK_FALSE(definition.help.ends_with('.'));
      for (const auto& name : definition.names) {
        CHECK(name.starts_with('-'));
        CHECK(names.insert(name).second);
      }
      for (const auto& name : definition.hidden_names) {
        CHECK(names.insert(name).second);
      }
    }
  }
}

TEST_CASE("every example parses and names its own command") {
  for (const auto& entry : all_commands()) {
    for (const auto& example : entry.make().spec.examples) {
      CAPTURE(example.line);
      const auto words = words_of(std::string(example.line));
      const auto program = std::find(words.begin(), words.end(), "lumi");
      if (program == words.end()) {
        CHECK(example.line.find("lumi " + std::string(entry.path)) != std::string_view::npos);
        continue;
      }
      const auto resolved = resolve_command({program + 1, words.end()});
      REQUIRE(resolved.entry != nullptr);
      CHECK(resolved.entry->path == entry.path);
    }
  }
}

TEST_CASE("--help of every command and noun works and goes to stdout") {
  const test::CliFixture fixture;
  for (const auto& entry : all_commands()) {
    std::vector<std::string> args;
    std::istringstream words{std::string(entry.path)};
    for (std::string word; words >> word;) {
      args.push_back(word);
    }
    for (const auto* flag : {"-h", "--help"}) {
      auto with_flag = args;
      with_flag.emplace_back(flag);
      const auto result = fixture.lumi(with_flag);
      CAPTURE(entry.path);
      CHECK(result.exit == 0);
      CHECK(result.err.empty());
      CHECK(result.out.find("lumi " + std::string(entry.path)) != std::string::npos);
    }
  }
  for (const auto& group : all_groups()) {
    std::vector<std::string> args;
    std::istringstream words{std::string(group.path)};
    for (std::string word; words >> word;) {
      args.push_back(word);
    }
    args.emplace_back("--help");
    CHECK(fixture.lumi(args).exit == 0);
  }
}

TEST_CASE("the command tree is as reviewed") { test::check_golden("cli/dump.json", dump_commands()); }
