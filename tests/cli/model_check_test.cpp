#include "support/cli.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace lumi;
using Json = nlohmann::json;

TEST_CASE("model check says what is missing before it asks") {
  const test::CliFixture fixture;
  unsetenv("OPENAI_API_KEY");
  unsetenv("OPENAI_BASE_URL");
  CHECK(fixture.lumi({"model", "check"}).exit == 2);
  CHECK(fixture.lumi({"model", "check", "nobody-knows"}).exit == 2);
  CHECK(fixture.lumi({"model", "check", "facebook/bart-large-cnn"}).exit == 2);
  const auto result = fixture.lumi({"model", "check", "gpt-4o-mini"});
  CHECK(result.exit == 4);
  CHECK(result.err.find("Requested secret key 'openai_api_key' is not configured.") != std::string::npos);
}

TEST_CASE("model check of a server that is not there") {
  const test::CliFixture fixture;
  const auto result = fixture.lumi({"model", "check", "m@http://127.0.0.1:1/v1", "--json"});
  CHECK(result.exit == 7);
  const auto check = Json::parse(result.out);
  CHECK(check["ok"] == false);
  CHECK(check["provider"] == "hosted_vllm");
  CHECK(check["key"] == "stand-in");
  CHECK(check["status"].is_null());
  CHECK(check["latency_ms"].is_null());
}
