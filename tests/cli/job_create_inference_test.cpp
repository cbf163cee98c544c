#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;
using nlohmann::json;

namespace {

std::vector<std::string> with(std::vector<std::string> args, const std::vector<std::string>& more) {
  args.insert(args.end(), more.begin(), more.end());
  return args;
}

}  // namespace

TEST_CASE("a model of Hugging Face needs a worker, which is said before anything is kept") {
  const test::CliFixture fixture;
  const auto data = fixture.file("a.csv", "examples\none\n");
  const auto result =
      fixture.lumi({"job", "create", "inference", "--dataset", data, "--model", "m", "--provider", "hf"});
  CHECK(result.exit == 2);
  CHECK(result.err.find("worker") != std::string::npos);
  CHECK(json::parse(fixture.lumi({"dataset", "list", "--json"}).out)["total"] == 0);
  CHECK(json::parse(fixture.lumi({"job", "list", "--json"}).out)["total"] == 0);
}

TEST_CASE("a dry run says what a job would take") {
  const test::CliFixture fixture;
  const auto data = fixture.file("a.csv", "examples\none two three four\nfive\n");
  const std::vector<std::string> args = {"job",
                                         "create",
                                         "inference",
                                         "--dataset",
                                         data,
                                         "--model",
                                         "m",
                                         "--base-url",
                                         "http://127.0.0.1:1/v1",
                                         "--dry-run"};
  const auto plan = json::parse(fixture.lumi(with(args, {"--json", "--max-new-tokens", "100"})).out);
  CHECK(plan["rows"] == 2);
  CHECK(plan["max_completion_tokens"] == 200);
  CHECK(plan["provider"] == "hosted_vllm");
  CHECK(plan["min_cost"] == 0.0);
  CHECK(plan["min_seconds"].is_null());
  CHECK(json::parse(fixture.lumi(with(args, {"--json=rows", "--max-samples", "1"})).out) == json{{"rows", 1}});
  CHECK(fixture.lumi({"config", "set", "inference.rpm", "60"}).exit == 0);
  CHECK(json::parse(fixture.lumi(with(args, {"--json"})).out)["min_seconds"] == 2.0);
  CHECK(json::parse(fixture.lumi(with(args, {"--json", "--rpm", "30"})).out)["min_seconds"] == 4.0);
}

TEST_CASE("a dry run needs no key, and says which one the job will") {
  const test::CliFixture fixture;
  const auto data = fixture.file("a.csv", "examples\none\n");
  for (const std::string type : {"inference", "annotate"}) {
    const std::vector<std::string> args = {
        "job", "create", type, "--dataset", data, "--provider", "openai", "--model", "gpt-4o-mini"};
    const auto plan = fixture.lumi(with(args, {"--dry-run", "--json"}));
    CHECK(plan.exit == 0);
    CHECK(json::parse(plan.out)["rows"] == 1);
    CHECK(plan.err.find("'openai_api_key' is not configured") != std::string::npos);
    CHECK(plan.err.find("OPENAI_API_KEY") != std::string::npos);
    CHECK(fixture.lumi(with(args, {"--dry-run", "--prompt-template", "{{nothing}}"})).exit == 11);
    CHECK(fixture.lumi(args).exit == 4);
  }
}

TEST_CASE("wrong flags are found before any work") {
  const test::CliFixture fixture;
  const auto data = fixture.file("a.csv", "examples\none\n");
  const std::vector<std::string> args = {
      "job", "create", "inference", "--dataset", data, "--model", "m", "--base-url", "http://127.0.0.1:1/v1"};
  const auto exit_with = [&](const std::vector<std::string>& more) { return fixture.lumi(with(args, more)).exit; };
  CHECK(exit_with({"--concurrency", "many"}) == 2);
  CHECK(exit_with({"--rpm", "0"}) == 2);
  CHECK(exit_with({"--timeout", "soon"}) == 2);
  CHECK(exit_with({"--max-cost", "-1"}) == 2);
  CHECK(exit_with({"--system-prompt-file", fixture.file("latin1.txt", "Gr\xfc\xdf Gott")}) == 11);
  CHECK(exit_with({"--temperature", "warm"}) == 2);
  CHECK(exit_with({"--temperature", "-0.5"}) == 11);
  CHECK(exit_with({"--param", "top_k"}) == 2);
  CHECK(exit_with({"--header", "Authorization: Bearer x"}) == 2);
  CHECK(exit_with({"--system-prompt", "a", "--system-prompt-file", data}) == 2);
  CHECK(exit_with({"--prompt-template", "{{exampels}}"}) == 11);
  CHECK(exit_with({"--cache", "sometimes"}) == 2);
  CHECK(fixture.lumi({"job", "create", "inference", "--dataset", data, "--base-url", "http://127.0.0.1:1/v1"}).exit ==
        2);
  CHECK(fixture.lumi({"job", "create", "inference", "--dataset", data, "--model", "m"}).exit == 2);
  CHECK(json::parse(fixture.lumi({"job", "list", "--json"}).out)["total"] == 0);
}

TEST_CASE("a server that is not there fails the job, which can be resumed") {
  const test::CliFixture fixture;
  const auto data = fixture.file("a.csv", "examples\none\n");
  const auto result = fixture.lumi({"job",
                                    "create",
                                    "inference",
                                    "--dataset",
                                    data,
                                    "--model",
                                    "m",
                                    "--base-url",
                                    "http://127.0.0.1:1/v1",
                                    "--max-retries",
                                    "0",
                                    "--json"});
  CHECK(result.exit == 7);
  CHECK(json::parse(result.out)["status"] == "failed");
}

TEST_CASE("what neither flags nor a body have is missing in the one that was given") {
  const test::CliFixture fixture;
  const auto body = fixture.file("b.json", R"({"name":"n","dataset":"a.csv"})");
  CHECK(fixture.lumi({"job", "create", "inference"}).exit == 2);
  const auto result = fixture.lumi({"job", "create", "inference", "-f", body});
  CHECK(result.exit == 11);
  CHECK(result.err.find("b.json: /job_config/model is missing") != std::string::npos);
}
