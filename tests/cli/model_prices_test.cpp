#include "core/chat/built_in_prices.hpp"
#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;

TEST_CASE("model prices lists the built-in prices with their date") {
  const test::CliFixture fixture;
  const auto listing = nlohmann::json::parse(fixture.lumi({"model", "prices", "--json"}).out);
  CHECK(listing["total"] == chat::built_in_prices().size());
  CHECK(listing["items"].size() == chat::built_in_prices().size());
  const auto one = nlohmann::json::parse(fixture.lumi({"model", "prices", "gpt-4o-mini", "--json"}).out);
  CHECK(one["total"] == 1);
  CHECK(one["items"][0] == nlohmann::json({{"model", "openai/gpt-4o-mini"},
                                           {"input", 0.15},
                                           {"output", 0.6},
                                           {"cached_input", 0.075},
                                           {"origin", "built-in " + std::string(chat::k_built_in_prices_date)}}));
}

TEST_CASE("model prices shows the user's own, and where they stand") {
  const test::CliFixture fixture;
  const auto config = fixture.file("config.yaml", "prices:\n  lab/m: {input: 1, output: 2}\n");
  CHECK(fixture.lumi({"model", "prices", "lab/"}).out == "lab/m\t1.0\t2.0\t\t" + config + "\n");
  CHECK(fixture.lumi({"config", "list"}).exit == 0);
  CHECK(fixture.lumi_at_terminal({"model", "prices", "lab/"}).out.find("CACHED") != std::string::npos);
}

TEST_CASE("model prices without a match is an empty listing") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"model", "prices", "unheard-of"});
  CHECK(result.exit == 0);
  CHECK(result.out.empty());
}

TEST_CASE("model prices names the line of a price that is none") {
  const test::CliFixture fixture;
  const auto config = fixture.file("config.yaml", "prices:\n  m: {input: cheap, output: 2}\n");
  const auto result = fixture.lumi({"model", "prices"});
  CHECK(result.exit == 11);
  CHECK(result.err.find(config + ":2: the price m.input cannot be \"cheap\"") != std::string::npos);
}
