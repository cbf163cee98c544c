#include "core/chat/built_in_prices.hpp"
#include "core/chat/cost.hpp"
#include "core/config/settings.hpp"
#include "support/environment.hpp"
#include "support/errors.hpp"
#include "support/temp_dir.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <string>

using namespace lumi;
using namespace lumi::chat;

namespace {

void write(const std::filesystem::path& path, const std::string& text) { std::ofstream(path) << text; }

PriceTable with(const std::string& yaml) {
  auto table = PriceTable::built_in();
  table.add(config::parse_settings_file(yaml, "p.yaml"), "p.yaml");
  return table;
}

std::string price_refusal(const std::string& yaml) {
  const auto error = test::error_of([&] { with(yaml); });
  REQUIRE_MESSAGE(error, yaml);
  CHECK(error->code() == ErrorCode::invalid_input);
  return error->what();
}

}  // namespace

TEST_CASE("the built-in prices hold together") {
  std::set<std::string_view> models;
  for (const auto& row : built_in_prices()) {
    CHECK(models.insert(row.model).second);
    const auto provider = row.model.substr(0, row.model.find('/'));
    CHECK_MESSAGE(find_provider(provider) != nullptr, row.model);
    CHECK(row.input > 0);
    CHECK(row.output >= row.input);
    CHECK(row.cached_input <= row.input);
  }
}

TEST_CASE("a model is found with and without a date, at its provider's own host") {
  const test::EnvironmentVariable no_url("OPENAI_BASE_URL", std::nullopt);
  const auto table = PriceTable::built_in();
  const auto openai = make_endpoint("openai", std::nullopt);
  REQUIRE(table.find(openai, "gpt-4o-mini"));
  CHECK(table.find(openai, "gpt-4o-mini")->input == 0.15);
  CHECK(table.find(openai, "gpt-4o-mini")->origin == "built-in " + std::string(k_built_in_prices_date));
  CHECK(table.find(openai, "gpt-4o-mini-2024-07-18")->input == 0.15);
  CHECK(table.find(openai, "gpt-4o-2024-05-13")->input == 5);
  CHECK(table.find(make_endpoint("anthropic", std::nullopt), "claude-sonnet-4-20250514")->output == 15);
  CHECK_FALSE(table.find(openai, "gpt-4o-mini-2024"));
  CHECK_FALSE(table.find(openai, "unheard-of"));
  CHECK_FALSE(table.find(openai, "-2024-07-18"));
  CHECK_FALSE(table.find(make_endpoint("openai", "https://reseller.example/v1"), "gpt-4o-mini"));
}

TEST_CASE("a server on this machine costs nothing unless the user says so") {
  const auto local = make_endpoint("hosted_vllm", "http://127.0.0.1:8080/v1");
  const auto price = PriceTable::built_in().find(local, "gemma");
  REQUIRE(price);
  CHECK(price->input == 0);
  CHECK(price->origin == "this machine");
  CHECK(with("gemma: {input: 1, output: 2}").find(local, "gemma")->output == 2);
  CHECK_FALSE(PriceTable::built_in().find(make_endpoint("hosted_vllm", "http://10.0.0.7:8080/v1"), "gemma"));
}

TEST_CASE("the user's prices come first, those with a provider before those without") {
  const auto table =
      with("gpt-4o-mini: {input: 7, output: 8}\nopenai/gpt-4.1: {input: 1, output: 2, cached_input: 0.5}\n"
           "m: {input: 3, output: 4}\nmy_lab/m: {input: 5, output: 6}\n");
  const auto elsewhere = make_endpoint("my_lab", "https://lab.example/v1");
  CHECK(table.find(elsewhere, "gpt-4o-mini")->input == 7);
  CHECK(table.find(elsewhere, "gpt-4o-mini")->origin == "p.yaml");
  CHECK(table.find(elsewhere, "m")->input == 5);
  CHECK(table.find(make_endpoint("hosted_vllm", "https://h/v1"), "m")->input == 3);
  CHECK(table.find(make_endpoint("openai", "https://api.openai.com/v1"), "gpt-4.1")->cached_input == 0.5);
}

TEST_CASE("prices are read from JSON as from YAML, with dots in names") {
  const auto table = with(R"({"lab.v1.5": {"input": 0.5, "output": 1e0}})");
  CHECK(table.find(make_endpoint("x", "https://h/v1"), "lab.v1.5")->output == 1);
}

TEST_CASE("what is no price is refused at its line") {
  CHECK(price_refusal("a: {input: 1, output: 2}\nb: {input: x, output: 2}\n") ==
        "p.yaml:2: the price b.input cannot be \"x\"");
  CHECK(price_refusal("a: {input: -1, output: 2}") == "p.yaml:1: the price a.input cannot be \"-1\"");
  CHECK(price_refusal("a: {input: .nan, output: 2}") == "p.yaml:1: the price a.input cannot be \".nan\"");
  CHECK(price_refusal("a: {input: inf, output: 2}") == "p.yaml:1: the price a.input cannot be \"inf\"");
  CHECK(price_refusal("a: {in: 1, output: 2}") == "p.yaml:1: \"a.in\" is no price");
  CHECK(price_refusal("a: 1") == "p.yaml:1: \"a\" is no price");
  CHECK(price_refusal("a: {input: 1}") == "p.yaml: the price of \"a\" needs output");
  CHECK(price_refusal("a: {output: 1}") == "p.yaml: the price of \"a\" needs input");
}

TEST_CASE("prices come from the configuration, then its prices_file, then the built-in table") {
  const test::TempDir folder;
  write(folder / "prices.yaml", "a: {input: 1, output: 1}\nb: {input: 1, output: 1}\n");
  write(folder / "config.yaml",
        "prices_file: " + (folder / "prices.yaml").string() + "\nprices:\n  b: {input: 2, output: 2}\n");
  const auto table = PriceTable::load(config::Settings(folder / "config.yaml"));
  const auto endpoint = make_endpoint("x", "https://h/v1");
  CHECK(table.find(endpoint, "a")->input == 1);
  CHECK(table.find(endpoint, "a")->origin == (folder / "prices.yaml").string());
  CHECK(table.find(endpoint, "b")->input == 2);
  CHECK(table.list().size() == built_in_prices().size() + 2);
  write(folder / "bad.yaml", "prices:\n  b: {input: 2, otput: 2}\n");
  CHECK(test::error_of([&] { PriceTable::load(config::Settings(folder / "bad.yaml")); })->what() ==
        (folder / "bad.yaml").string() + ":2: \"b.otput\" is no price");
}

TEST_CASE("an answer costs what its tokens cost") {
  const Price price{2, 10, 0.5, ""};
  CHECK(cost_of(price, {1'000'000, 100'000, 1'100'000, 50'000, std::nullopt, false}) == doctest::Approx(3.0));
  CHECK(cost_of(price, {1'000'000, 0, 0, 0, 400'000, false}) == doctest::Approx(1.4));
  CHECK(cost_of(price, {10, 0, 0, 0, 400'000, false}) == doctest::Approx(5e-6));
  CHECK(cost_of({2, 10, std::nullopt, ""}, {1'000'000, 0, 0, 0, 400'000, false}) == doctest::Approx(2.0));
  CHECK(cost_of(price, {}) == 0);
}

TEST_CASE("tokens are estimated by characters, or words where these are short") {
  CHECK(estimate_prompt_tokens("") == 0);
  CHECK(estimate_prompt_tokens("abcd") == 1);
  CHECK(estimate_prompt_tokens("abcde") == 2);
  CHECK(estimate_prompt_tokens("a b c d e f") == 6);
  CHECK(estimate_prompt_tokens("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9") == 1);
}
