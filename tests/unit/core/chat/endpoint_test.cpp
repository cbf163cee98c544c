#include "core/chat/endpoint.hpp"
#include "support/environment.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace lumi;
using namespace lumi::chat;
using test::EnvironmentVariable;

TEST_CASE("a URL is taken apart") {
  const auto url = parse_url("HTTPS://API.Example.com:8443/v1/x?api-version=2");
  REQUIRE(url);
  CHECK(url->address == Address{"https", "api.example.com", 8443});
  CHECK(url->path == "/v1/x");
  CHECK(url->query == "?api-version=2");
  CHECK(parse_url("http://localhost")->address == Address{"http", "localhost", 80});
  CHECK(parse_url("https://h?x=1")->query == "?x=1");
  CHECK(parse_url("http://[::1]:8080/v1")->address == Address{"http", "[::1]", 8080});
}

TEST_CASE("a URL that readers could read differently is none") {
  for (const char* text : {"",
                           "api.openai.com/v1",
                           "ftp://h",
                           "file:///etc/passwd",
                           "http://",
                           "http:///v1",
                           "http://api.openai.com@evil.example/v1",
                           "http://user:pw@h/v1",
                           "http://evil.example\\@api.openai.com",
                           "http://h#@api.openai.com",
                           "http://h/a b",
                           "http://h\t/v1",
                           "http://h\n/v1",
                           "http://h:0/",
                           "http://h:65536/",
                           "http://h:/",
                           "http://h:8o/",
                           "http://.h/",
                           "http://h,i/",
                           "http://[]/",
                           "http://[::1/",
                           "http://[x]/",
                           "http://h\xC3\xA9/",
                           "http://h%2Eexample/"}) {
    CHECK_MESSAGE(!parse_url(text), text);
  }
}

TEST_CASE("this machine has several names, and no others") {
  for (const char* host : {"localhost", "127.0.0.1", "127.8.9.255", "[::1]"}) {
    CHECK_MESSAGE(is_loopback(host), host);
  }
  for (const char* host : {"localhost.example.com",
                           "127.0.0.1.example.com",
                           "127.1",
                           "127.0.0.256",
                           "128.0.0.1",
                           "0.0.0.0",
                           "[::2]",
                           "127.-1.0.1",
                           ""}) {
    CHECK_MESSAGE(!is_loopback(host), host);
  }
}

TEST_CASE("the table of providers holds together") {
  std::set<std::string_view> names;
  std::set<std::string_view> variables;
  for (const auto& provider : all_providers()) {
    CHECK(names.insert(provider.name).second);
    CHECK((provider.key_variable.empty() || variables.insert(provider.key_variable).second));
    CHECK_FALSE(provider.title.empty());
    CHECK((provider.base_url.empty() || parse_url(provider.base_url).has_value()));
    CHECK(find_provider(provider.name) == &provider);
    if (provider.key_need == KeyNeed::on_own_host) {
      CHECK_FALSE(provider.key_variable.empty());
      CHECK(parse_url(provider.base_url)->address.scheme == "https");
    }
  }
  CHECK(find_provider("nobody") == nullptr);
  CHECK(find_provider_of_key("") == nullptr);
  CHECK(find_provider_of_key("MISTRAL_API_KEY") == find_provider("mistral"));
}

TEST_CASE("every provider is asked at its own place") {
  const EnvironmentVariable no_url("OPENAI_BASE_URL", std::nullopt);
  const auto url = [](const char* provider) { return make_endpoint(provider, std::nullopt).url; };
  CHECK(url("openai") == "https://api.openai.com/v1/chat/completions");
  CHECK(url("mistral") == "https://api.mistral.ai/v1/chat/completions");
  CHECK(url("deepseek") == "https://api.deepseek.com/v1/chat/completions");
  CHECK(url("anthropic") == "https://api.anthropic.com/v1/messages");
  CHECK(url("llamafile") == "http://127.0.0.1:8080/v1/chat/completions");
  CHECK(url("ollama") == "http://localhost:11434/v1/chat/completions");
  CHECK(make_endpoint("openai", std::nullopt).is_own_host);
  CHECK(make_endpoint("openai", "").is_own_host);
}

TEST_CASE("a base URL is taken with and without what follows it") {
  const auto url = [](const char* provider, const char* base) { return make_endpoint(provider, base).url; };
  for (const char* base : {"http://h:8000/v1",
                           "http://h:8000/v1/",
                           "http://h:8000/v1//",
                           " http://h:8000/v1 ",
                           "http://h:8000/v1/chat/completions",
                           "http://h:8000/v1/chat/completions/"}) {
    CHECK(url("hosted_vllm", base) == "http://h:8000/v1/chat/completions");
  }
  CHECK(make_endpoint("hosted_vllm", "http://h:8000/v1/").base_url == "http://h:8000/v1");
  CHECK(url("anthropic", "https://proxy.example") == "https://proxy.example/v1/messages");
  CHECK(url("anthropic", "https://proxy.example/a/messages") == "https://proxy.example/a/messages");
  CHECK(url("azure", "https://r.openai.azure.com/openai/deployments/d?api-version=2024-10-21") ==
        "https://r.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21");
  CHECK(url("bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1") ==
        "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1/chat/completions");
  CHECK(url("my_lab", "http://h") == "http://h/chat/completions");
}

TEST_CASE("OPENAI_BASE_URL is the base URL of openai unless one is given") {
  const EnvironmentVariable variable("OPENAI_BASE_URL", "https://gateway.example/v1");
  const auto endpoint = make_endpoint("openai", std::nullopt);
  CHECK(endpoint.url == "https://gateway.example/v1/chat/completions");
  CHECK(endpoint.is_own_host);
  CHECK(make_endpoint("openai", "https://api.openai.com/v1").is_own_host);
  CHECK_FALSE(make_endpoint("openai", "https://other.example/v1").is_own_host);
  CHECK_FALSE(make_endpoint("mistral", "https://gateway.example/v1").is_own_host);
}

TEST_CASE("an own host is one of the same name and port") {
  CHECK(make_endpoint("openai", "https://api.openai.com/other").is_own_host);
  CHECK_FALSE(make_endpoint("openai", "https://api.openai.com:444/v1").is_own_host);
  CHECK_FALSE(make_endpoint("openai", "https://api.openai.com.evil.example/v1").is_own_host);
  CHECK_FALSE(make_endpoint("openai", "https://evilapi.openai.com/v1").is_own_host);
  CHECK_FALSE(make_endpoint("openai", "http://api.openai.com/v1").is_own_host);
}

TEST_CASE("what cannot be asked is said before") {
  const auto unknown = test::error_of([] { make_endpoint("opnai", std::nullopt); });
  REQUIRE(unknown);
  CHECK(unknown->code() == ErrorCode::usage);
  CHECK(unknown->what() == std::string("unknown provider \"opnai\""));
  CHECK(unknown->hint() == "did you mean \"openai\"?");
  CHECK(
      test::error_of([] { make_endpoint("zzzzzz", ""); })->hint().starts_with("give --base-url, or one of: openai, "));
  CHECK(test::error_of([] { make_endpoint("hosted_vllm", std::nullopt); })->what() ==
        std::string("provider \"hosted_vllm\" needs a base URL"));
  const auto bad = test::error_of([] { make_endpoint("openai", "localhost:8080"); });
  REQUIRE(bad);
  CHECK(bad->code() == ErrorCode::invalid_input);
  CHECK(bad->what() == std::string("base URL \"localhost:8080\" is no URL of a server"));
  const auto secret = test::error_of([] { make_endpoint("openai", "https://me:pass@word@host/v1"); });
  REQUIRE(secret);
  CHECK(secret->what() == std::string("base URL \"https://...@host/v1\" is no URL of a server"));
  const EnvironmentVariable variable("OPENAI_BASE_URL", "nonsense");
  CHECK(test::error_of([] { make_endpoint("openai", std::nullopt); })->what() ==
        std::string("OPENAI_BASE_URL \"nonsense\" is no URL of a server"));
}
