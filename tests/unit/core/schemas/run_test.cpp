#include "base/error.hpp"
#include "core/schemas/run.hpp"
#include "core/schemas/run_template.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

using namespace lumi::schemas;
using lumi::ErrorCode;
using lumi::test::code_of;

namespace {

Run parse(const std::string& text) { return parse_run(text, {"spec.yaml", "/data/project", {}}); }

}  // namespace

TEST_CASE("a spec with everything reads back from what it is printed as") {
  const auto run = parse(R"yaml(
name: "no"
description: "two\nlines"
dataset: data/support.csv
columns: {examples: "an article", ground_truth: summary}
task: {task: translation, source_language: en, target_language: 'no'}
max_samples: 20
sample_seed: 7
system_prompt: "Übersetze: \"genau\""
generation_config: {temperature: 0.25, top_p: 1}
param: {stop: ["\n", "x"], seed_bias: {a: 1}}
header: {X-Team: blue}
concurrency: 4
max_cost: 2.5
models:
  - openai/gpt-4o-mini
  - {name: local, model: gemma, base_url: "http://127.0.0.1:8080/v1", seed: 3, generation_config: {max_new_tokens: 9}, fail_fast: true}
metrics: [bleu, "rouge(stemmer=true)"]
llm_as_judge: {model_name: judge, model_base_url: "http://h/v1"}
require: ["bleu >= 0.2"]
baseline: main
report: {html: out/report.html, junit: out/junit.xml}
prices: {gemma: {input: 0.5, output: 1}}
)yaml");
  CHECK(run.name == "no");
  CHECK(run.dataset == "/data/project/data/support.csv");
  CHECK(run.task.target_language == "no");
  REQUIRE(run.models.size() == 2);
  CHECK(run.models[0].model == "openai/gpt-4o-mini");
  CHECK(run.models[1].asking.seed == 3);
  CHECK(run.asking.temperature == 0.25);
  CHECK(run.reports[0].file == "/data/project/out/report.html");
  const auto printed = to_yaml(run);
  CHECK(to_yaml(parse_run(printed, {"again.yaml", "/data/project", {}})) == printed);
}

TEST_CASE("a model has what the run has, but for what it says itself") {
  const auto run =
      parse("dataset: a.csv\nsystem_prompt: all\nseed: 1\nrpm: 5\nparam: {a: 1, b: 2}\n"
            "generation_config: {temperature: 0.5, top_p: 0.5}\n"
            "models: [{model: m, system_prompt: own, rpm: 6, param: {b: 3}, generation_config: {top_p: 1}}]\n");
  const auto asking = run.asking.with(run.models.front().asking);
  CHECK(asking.system_prompt == "own");
  CHECK(asking.seed == 1);
  CHECK(asking.temperature == 0.5);
  CHECK(asking.top_p == 1);
  CHECK(asking.parameters == std::vector<std::pair<std::string, std::string>>{{"a", "1"}, {"b", "3"}});
  REQUIRE(asking.controls.size() == 1);
  CHECK(asking.controls.front().value == "6");
}

TEST_CASE("names are the models' unless given, and unique") {
  auto run = parse("dataset: a.csv\nmodels: [a, {model: b, name: c}]\n");
  complete_models(run.models);
  CHECK(run.models[0].name == "a");
  CHECK(run.models[1].name == "c");
  run.models[1].name = "a";
  CHECK(code_of([&] { complete_models(run.models); }) == ErrorCode::invalid_input);
  run.models.clear();
  CHECK(code_of([&] { complete_models(run.models); }) == ErrorCode::invalid_input);
}

TEST_CASE("ids are told from files") {
  CHECK(looks_like_id("3f2a91c0"));
  CHECK(looks_like_id("3f2a91c0-0000-4000-8000-000000000000"));
  CHECK_FALSE(looks_like_id("data.csv"));
  CHECK(parse("dataset: 3f2a91c0\nmodels: [a]\n").dataset == "3f2a91c0");
}

TEST_CASE("a template is a spec, whatever the columns are called") {
  for (const auto& columns : {std::vector<std::string>{"examples", "ground_truth"},
                              std::vector<std::string>{"Article", "highlights"},
                              std::vector<std::string>{"x", "y\n# z: \"'"},
                              std::vector<std::string>{}}) {
    const auto run = parse(run_template({"a: b", "da ta.csv", columns, 3, "summarization", {"m@http://h/v1"}}));
    CHECK(run.name == "a: b");
    CHECK(run.models.size() == 1);
  }
  CHECK(guess_columns({"Article", "highlights"}) ==
        std::vector<std::pair<std::string, std::string>>{{"examples", "Article"}, {"ground_truth", "highlights"}});
  CHECK(guess_columns({"examples", "summary"}) ==
        std::vector<std::pair<std::string, std::string>>{{"ground_truth", "summary"}});
}
