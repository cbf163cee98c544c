#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace lumi;

TEST_CASE("job create evaluator takes Lumigator's body") {
  const test::CliFixture fixture;
  const auto dataset = fixture.create_dataset("examples,predictions,ground_truth\ne,a b,a b\ne,c,d\n");
  const auto body = fixture.file("body.json",
                                 R"({"name":"my job","description":"why","dataset":")" + dataset +
                                     R"(","job_config":{"job_type":"evaluator","metrics":["rouge"]}})");
  const auto result = fixture.lumi({"job", "create", "evaluator", "-f", body, "--json"});
  REQUIRE(result.exit == 0);
  const auto job = nlohmann::json::parse(result.out);
  CHECK(job.size() == 21);
  CHECK(job["name"] == "my job");
  CHECK(job["description"] == "why");
  CHECK(job["status"] == "succeeded");
  CHECK(job["job_type"] == "evaluator");
  CHECK(job["metadata"]["job_type"] == "evaluator");
  CHECK(job["runtime_env"].is_object());
  CHECK(job["driver_exit_code"] == 0);
  CHECK(result.err.starts_with("{\"log\":{\"job_id\":"));
}

TEST_CASE("flags override the body, and a file serves as dataset") {
  const test::CliFixture fixture;
  const auto body = fixture.file("body.json", R"({"name":"a","job_config":{"metrics":["bleu"]}})");
  const auto predictions = fixture.file("p.csv", test::CliFixture::k_predictions);
  const auto job = nlohmann::json::parse(fixture
                                             .lumi({"job",
                                                    "create",
                                                    "evaluator",
                                                    "-f",
                                                    body,
                                                    "--dataset",
                                                    predictions,
                                                    "--name",
                                                    "b",
                                                    "--metric",
                                                    "rouge",
                                                    "--json"})
                                             .out);
  CHECK(job["name"] == "b");
  const auto result = nlohmann::json::parse(fixture.lumi({"job", "result", job["id"], "--json"}).out);
  CHECK(result["metrics"].contains("rouge"));
  CHECK_FALSE(result["metrics"].contains("bleu"));
}

TEST_CASE("a body with faults is refused where they are") {
  const test::CliFixture fixture;
  const auto with_body = [&](const std::string& text) {
    return fixture.lumi({"job", "create", "evaluator", "-f", fixture.file("body.json", text)});
  };
  const auto unknown = with_body(R"({"name":"x","datasett":"y","job_config":{}})");
  CHECK(unknown.exit == 11);
  CHECK(unknown.err.find("/datasett") != std::string::npos);
  CHECK(unknown.err.find("did you mean \"dataset\"?") != std::string::npos);
  CHECK(with_body("{").exit == 11);
  CHECK(with_body(R"({"name":"x","dataset":"00000000-0000-4000-8000-000000000000","job_config":{"metrics":["rouge"]}})")
            .exit == 5);
  CHECK(with_body(R"({"name":"x","dataset":"d","job_config":{"metrics":["rogue"]}})").exit == 2);
  CHECK(fixture.lumi({"job", "create", "evaluator"}).exit == 2);
}

TEST_CASE("job create evaluator --detach shows the job in short and leaves it to the background") {
  const test::CliFixture fixture;
  const auto file = fixture.file("predictions.csv", test::CliFixture::k_predictions);
  const std::vector<std::string> args{"job", "create", "evaluator", "--dataset", file, "--metric", "rouge", "--detach"};
  auto with = [&](std::initializer_list<std::string> more) {
    auto all = args;
    all.insert(all.end(), more);
    return fixture.lumi(all);
  };
  const auto result = with({"--json=id,message"});
  CHECK(result.exit == 0);
  const auto id = nlohmann::json::parse(result.out)["id"].get<std::string>();
  CHECK(result.err == "{\"log\":{\"job_id\":\"" + id + "\"}}\n");
  CHECK(fixture.lumi({"job", "wait", id, "--timeout", "60s"}).exit == 0);
  const auto log = fixture.lumi({"job", "logs", id}).out;
  CHECK(std::count(log.begin(), log.end(), '\n') == 2);
  CHECK(with({"--results", "r.json"}).exit == 2);
  CHECK(with({"--metric", "rogue"}).exit == 2);
  CHECK(nlohmann::json::parse(fixture.lumi({"job", "list", "--json"}).out)["total"] == 1);
}
