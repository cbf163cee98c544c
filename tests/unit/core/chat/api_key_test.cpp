#include "base/log.hpp"
#include "core/chat/api_key.hpp"
#include "support/environment.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lumi;
using namespace lumi::chat;
using test::EnvironmentVariable;

namespace {

const EnvironmentVariable k_no_base_url("OPENAI_BASE_URL", std::nullopt);

SecretLookup secrets(std::string name, StoredSecret secret) {
  return [name = std::move(name), secret = std::move(secret)](const std::string& asked) {
    return asked == name ? std::optional(secret) : std::nullopt;
  };
}

ApiKey find(const char* provider, std::optional<std::string> base_url, KeyRequest request, SecretLookup lookup = {}) {
  return find_api_key(make_endpoint(provider, base_url), request, lookup);
}

std::string
refusal(const char* provider, std::optional<std::string> base_url, KeyRequest request, SecretLookup lookup = {}) {
  const auto error = test::error_of([&] { find(provider, base_url, request, lookup); });
  REQUIRE(error);
  CHECK(error->code() == ErrorCode::credentials);
  return error->what();
}

KeyRequest named(std::string name, std::vector<std::string> allowed = {}) {
  return {.purpose = "job 'my job'", .secret_key_name = std::move(name), .allowed_hosts = std::move(allowed)};
}

}  // namespace

TEST_CASE("a host is named whole, without case, with or without a port") {
  const Address address{"https", "api.example.com", 443};
  CHECK(names_host("api.example.com", address));
  CHECK(names_host(" API.Example.COM ", address));
  CHECK(names_host("api.example.com:443", address));
  CHECK_FALSE(names_host("api.example.com:8443", address));
  CHECK_FALSE(names_host("example.com", address));
  CHECK_FALSE(names_host("*.example.com", address));
  CHECK_FALSE(names_host("", address));
  CHECK(names_host("[::1]:8080", Address{"http", "[::1]", 8080}));
  CHECK(names_host("[::1]", Address{"http", "[::1]", 8080}));
}

TEST_CASE("a stored secret comes first, whatever the case of its name") {
  const EnvironmentVariable variable("OPENAI_API_KEY", "sk-from-environment");
  const auto key = find("openai", std::nullopt, named("OpenAI_API_Key"), secrets("openai_api_key", {"sk-stored", {}}));
  CHECK(key.value == "sk-stored");
  CHECK(key.origin == "secret \"openai_api_key\"");
}

TEST_CASE("a name that is not stored means a variable if it ends in _api_key") {
  const EnvironmentVariable variable("OPENAI_API_KEY", "sk-from-environment\n");
  const EnvironmentVariable other("MY_SECRET", "sk-other");
  const auto key = find("openai", std::nullopt, named("openai_api_key"));
  CHECK(key.value == "sk-from-environment");
  CHECK(key.origin == "environment OPENAI_API_KEY");
  CHECK(refusal("openai", std::nullopt, named("my_secret")) ==
        "Cannot create job 'my job': Requested secret key 'my_secret' is not configured.");
  CHECK(refusal("openai", std::nullopt, named("lab_api_key")) ==
        "Cannot create job 'my job': Requested secret key 'lab_api_key' is not configured.");
}

TEST_CASE("without a name the provider's variable counts") {
  const EnvironmentVariable variable("ANTHROPIC_API_KEY", "sk-ant");
  CHECK(find("anthropic", std::nullopt, {}).value == "sk-ant");
  const EnvironmentVariable none("MISTRAL_API_KEY", std::nullopt);
  CHECK(refusal("mistral", std::nullopt, {.purpose = "job 'j'"}) ==
        "Cannot create job 'j': Requested secret key 'mistral_api_key' is not configured.");
}

TEST_CASE("a server of one's own is asked without a key, vLLM with Lumigator's stand-in") {
  const EnvironmentVariable variable("OPENAI_API_KEY", "sk-secret");
  const auto vllm = find("hosted_vllm", "http://10.0.0.7:8000/v1", {});
  CHECK(vllm.value == "fake-api-key");
  CHECK(vllm.origin == "stand-in");
  CHECK(find("my_lab", "http://10.0.0.7:8000/v1", {}).value.empty());
  const auto openai = find("openai", "http://localhost:8080/v1", {});
  CHECK(openai.value.empty());
  CHECK(openai.notice == "OPENAI_API_KEY is not sent to \"localhost:8080\": it is no host of OpenAI (--allow-host "
                         "localhost:8080 allows it)");
}

TEST_CASE("a key of the environment goes to its provider's host only") {
  const EnvironmentVariable variable("OPENAI_API_KEY", "sk-secret");
  const EnvironmentVariable lab("LAB_API_KEY", "sk-lab");
  CHECK(refusal("hosted_vllm", "https://evil.example/v1", named("openai_api_key")) ==
        "the key of environment OPENAI_API_KEY may not go to \"evil.example:443\"");
  CHECK(refusal("deepseek", std::nullopt, named("openai_api_key")) ==
        "the key of environment OPENAI_API_KEY may not go to \"api.deepseek.com:443\"");
  CHECK(refusal("hosted_vllm", "https://lab.example/v1", named("lab_api_key")) ==
        "the key of environment LAB_API_KEY may not go to \"lab.example:443\"");
  CHECK(find("hosted_vllm", "https://lab.example/v1", named("lab_api_key", {"lab.example"})).value == "sk-lab");
  CHECK(find("openai", "https://gate.example:444/v1", {.allowed_hosts = {"gate.example:444"}}).value == "sk-secret");
  CHECK(refusal("hosted_vllm", "https://lab.example:444/v1", named("lab_api_key", {"lab.example:443"})) ==
        "the key of environment LAB_API_KEY may not go to \"lab.example:444\"");
}

TEST_CASE("the host of OPENAI_BASE_URL is OpenAI's own") {
  const EnvironmentVariable variable("OPENAI_API_KEY", "sk-secret");
  const EnvironmentVariable base("OPENAI_BASE_URL", "https://gateway.example/v1");
  CHECK(find("openai", std::nullopt, {}).value == "sk-secret");
  CHECK(find("hosted_vllm", "https://gateway.example/v1", named("openai_api_key")).value == "sk-secret");
  CHECK(find("openai", "https://other.example/v1", {}).value.empty());
}

TEST_CASE("a stored secret goes to its hosts, by default the provider's") {
  const auto stored = secrets("lab_key", {"sk-lab", {"lab.example", "gpu:8000"}});
  CHECK(find("hosted_vllm", "https://lab.example/v1", named("lab_key"), stored).value == "sk-lab");
  CHECK(find("hosted_vllm", "https://gpu:8000/v1", named("lab_key"), stored).value == "sk-lab");
  CHECK(refusal("hosted_vllm", "https://gpu:8001/v1", named("lab_key"), stored) ==
        "the key of secret \"lab_key\" may not go to \"gpu:8001\"");
  CHECK(refusal("openai", std::nullopt, named("lab_key"), stored) ==
        "the key of secret \"lab_key\" may not go to \"api.openai.com:443\"");
  const auto without_hosts = secrets("team", {"sk-team", {}});
  CHECK(find("openai", std::nullopt, named("team"), without_hosts).value == "sk-team");
  CHECK(refusal("openai", "https://evil.example/v1", named("team"), without_hosts) ==
        "the key of secret \"team\" may not go to \"evil.example:443\"");
  // The name says whose it is: another provider does not get it.
  CHECK(refusal("deepseek", std::nullopt, named("openai_api_key"), secrets("openai_api_key", {"sk-o", {}})) ==
        "the key of secret \"openai_api_key\" may not go to \"api.deepseek.com:443\"");
}

TEST_CASE("a key over http goes to this machine only, unless the user allows it") {
  const auto stored = secrets("lab_key", {"sk-lab", {"10.0.0.7", "127.0.0.1", "localhost"}});
  CHECK(find("hosted_vllm", "http://127.0.0.1:8000/v1", named("lab_key"), stored).value == "sk-lab");
  CHECK(find("hosted_vllm", "http://localhost:8000/v1", named("lab_key"), stored).value == "sk-lab");
  CHECK(refusal("hosted_vllm", "http://10.0.0.7:8000/v1", named("lab_key"), stored) ==
        "the key of secret \"lab_key\" would go to \"10.0.0.7:8000\" without encryption");
  auto request = named("lab_key");
  request.plaintext = Plaintext::allow;
  CHECK(find("hosted_vllm", "http://10.0.0.7:8000/v1", request, stored).value == "sk-lab");
  const EnvironmentVariable variable("OPENAI_API_KEY", "sk-secret");
  const EnvironmentVariable base("OPENAI_BASE_URL", "http://gateway.example/v1");
  CHECK(refusal("openai", std::nullopt, {}) ==
        "the key of environment OPENAI_API_KEY would go to \"gateway.example:80\" without encryption");
}

TEST_CASE("what no key can be is refused without showing it") {
  for (const std::string bad : {"sk-a\r\nX-Evil: 1", "sk a", "sk-\xC3\xA9", "  ", "\x01"}) {
    const EnvironmentVariable variable("OPENAI_API_KEY", bad);
    const auto message = refusal("openai", std::nullopt, {});
    CHECK(message == "the key of environment OPENAI_API_KEY is empty or has characters that no key has");
  }
}

TEST_CASE("a key that was found is kept out of the log") {
  const EnvironmentVariable variable("DEEPSEEK_API_KEY", "sk-deep-0123456789");
  find("deepseek", std::nullopt, {});
  CHECK(redact("Incorrect API key provided: sk-deep-0123456789") == "Incorrect API key provided: <REDACTED>");
}
