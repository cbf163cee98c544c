#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

namespace {

struct RunFixture : test::CliFixture {
  RunFixture() { file("a.csv", "examples,ground_truth\none,1\ntwo,2\n"); }

  std::string spec(const std::string& more = {}) const {
    return file("lumi.yaml",
                "dataset: a.csv\nmodels: [{model: m, base_url: 'http://127.0.0.1:1/v1'}]\nmetrics: [rouge]\n" + more);
  }
};

}  // namespace

TEST_CASE_FIXTURE(RunFixture, "run --print-spec shows the spec with the flags over it") {
  const auto result = lumi({"run", spec("name: mine\n"), "--print-spec", "--max-samples", "1", "--require", "ok > 0"});
  CHECK(result.exit == 0);
  CHECK(result.out.find("name: \"mine\"\n") == 0);
  CHECK(result.out.find("\nmax_samples: 1\n") != std::string::npos);
  CHECK(result.out.find("\nrequire: [\"ok > 0\"]\n") != std::string::npos);
}

TEST_CASE_FIXTURE(RunFixture, "run --check and --dry-run begin nothing") {
  CHECK(lumi({"run", spec(), "--check"}).err.find("the run is fine: 1 models, 2 rows") != std::string::npos);
  const auto plan = nlohmann::json::parse(lumi({"run", spec(), "--dry-run", "--json"}).out);
  CHECK(plan["items"][0]["name"] == "m");
  CHECK(plan["items"][0]["step"] == "ask");
  CHECK(nlohmann::json::parse(lumi({"workflow", "list", "--json"}).out)["total"] == 0);
}

TEST_CASE_FIXTURE(RunFixture, "a dry run of models whose keys are missing says which, and is no error") {
  const auto data = file("b.csv", "examples,ground_truth\none,1\n");
  const auto path =
      file("keys.yaml",
           "dataset: " + data + "\nmetrics: [rouge]\nmodels:\n  - {model: gpt-4o-mini, provider: openai}\n" +
               "  - {model: m, base_url: 'http://127.0.0.1:1/v1', secret_key_name: mine}\n");
  const auto plan = lumi({"run", path, "--dry-run", "--json"});
  CHECK(plan.exit == 0);
  CHECK(nlohmann::json::parse(plan.out)["total"] == 2);
  CHECK(plan.err.find("'openai_api_key' is not configured") != std::string::npos);
  CHECK(plan.err.find("'mine' is not configured") != std::string::npos);
  CHECK(lumi({"run", path}).exit == 4);
}

TEST_CASE_FIXTURE(RunFixture, "run says what is wrong before any work") {
  const auto exit_with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> args{"run", spec()};
    args.insert(args.end(), more.begin(), more.end());
    return lumi(args).exit;
  };
  CHECK(exit_with({"--metric", "rogue"}) == 2);
  CHECK(exit_with({"--require", "rogue > 1"}) == 2);
  CHECK(exit_with({"--require", "other: rougeL > 1"}) == 2);
  CHECK(exit_with({"--model", ""}) == 2);
  CHECK(exit_with({"--model", "a=m@http://h/v1", "--model", "a=n@http://h/v1"}) == 11);
  CHECK(exit_with({"--model", "nobody-serves-it"}) == 2);
  CHECK(exit_with({"--report", "html"}) == 2);
  CHECK(exit_with({"--report", "pdf=a.pdf"}) == 2);
  CHECK(exit_with({"--baseline", "none.json"}) == 5);
  CHECK(exit_with({"--prompt-template", "{{exampels}}"}) == 11);
  CHECK(exit_with({"--task", "text-generation"}) == 11);
  CHECK(exit_with({"--task", "translation"}) == 11);
  CHECK(exit_with({"--temperature", "-1"}) == 11);
  CHECK(exit_with({"--model", "a@http://h/v1", "--model", "b@http://h/v1", "--record", (folder / "r").string()}) == 2);
  CHECK(lumi({"run", (folder / "none.yaml").string()}).exit == 5);
  CHECK(lumi({"run", spec("metrik: [rouge]\n")}).err.find("lumi.yaml:4:1: /metrik is not known") != std::string::npos);
}
