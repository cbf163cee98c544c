#include "core/chat/chat_request.hpp"
#include "support/environment.hpp"
#include "support/errors.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <string>

using namespace lumi;
using namespace lumi::chat;
using Adjusted = RequestBuilder::Adjusted;

namespace {

constexpr std::array<Message, 2> k_messages = {{{Role::system, "Be \"brief\"."}, {Role::user, "h\xC3\xA9llo\nyou"}}};

ChatSettings settings() {
  ChatSettings settings;
  settings.model = "m/1";
  return settings;
}

RequestBuilder builder(const char* provider, ChatSettings chat_settings = settings(), std::string key = "k") {
  const auto* known = find_provider(provider);
  const bool has_url = known != nullptr && !known->base_url.empty();
  return {make_endpoint(provider, has_url ? std::nullopt : std::optional<std::string>("http://h:1/v1")),
          {std::move(key), "test", ""},
          std::move(chat_settings)};
}

std::string body_of(const RequestBuilder& requests) { return requests.body(k_messages); }

std::string header(const net::HttpRequest& request, const std::string& name) {
  std::string values;
  for (const auto& one : request.headers) {
    values += one.name == name ? "[" + one.value + "]" : "";
  }
  return values;
}

nlohmann::json json_of(const RequestBuilder& requests) { return nlohmann::json::parse(body_of(requests)); }

}  // namespace

TEST_CASE("a request has what Lumigator sends and nothing else") {
  const auto request = builder("hosted_vllm").build(k_messages);
  CHECK(request.method == "POST");
  CHECK(request.url == "http://h:1/v1/chat/completions");
  CHECK(request.body ==
        "{\"model\":\"m/1\",\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"brief\\\".\"},"
        "{\"role\":\"user\",\"content\":\"h\xC3\xA9llo\\nyou\"}],\"max_tokens\":1024,\"frequency_penalty\":0.0,"
        "\"temperature\":0.5,\"top_p\":0.5}");
  CHECK(header(request, "Authorization") == "[Bearer k]");
  CHECK(header(request, "Content-Type") == "[application/json]");
  CHECK(header(request, "Accept") == "[application/json]");
  CHECK(request.headers.size() == 3);
}

TEST_CASE("without a key there is no header for one, and the body never has it") {
  const auto request = builder("hosted_vllm", settings(), "").build(k_messages);
  CHECK(request.headers.size() == 2);
  CHECK(builder("openai", settings(), "sk-secret").build(k_messages).body.find("sk-secret") == std::string::npos);
}

TEST_CASE("limits of the settings hold for every request") {
  auto chat_settings = settings();
  chat_settings.limits.total = std::chrono::seconds(7);
  chat_settings.max_answer_bytes = 1234;
  const auto request = builder("openai", chat_settings).build(k_messages);
  CHECK(request.limits.total == std::chrono::seconds(7));
  CHECK(request.max_body_bytes == 1234);
}

TEST_CASE("seed, further parameters and a stream are asked for when they are wanted") {
  auto chat_settings = settings();
  chat_settings.seed = 7;
  chat_settings.generation = {64, 0.25, 0, 1};
  chat_settings.delivery = Delivery::stream;
  chat_settings.parameters = {{"top_k", "40"}, {"temperature", "0.9"}, {"frequency_penalty", "null"}, {"x", "null"}};
  const auto requests = builder("openai", chat_settings);
  CHECK(body_of(requests).ends_with("],\"max_tokens\":64,\"temperature\":0.9,\"top_p\":1.0,\"seed\":7,\"stream\":true,"
                                    "\"stream_options\":{\"include_usage\":true},\"top_k\":40}"));
  CHECK(header(requests.build(k_messages), "Accept") == "[text/event-stream]");
  CHECK(requests.adjustments().empty());
}

TEST_CASE("parameters are KEY=JSON, or a text") {
  const auto parse = [](const char* text) {
    const auto parameter = parse_parameter(text);
    return parameter.name + " " + parameter.json;
  };
  CHECK(parse("top_k=40") == "top_k 40");
  CHECK(parse("stop=[\"a\", \"b\"]") == "stop [\"a\",\"b\"]");
  CHECK(parse("reasoning_effort=low") == "reasoning_effort \"low\"");
  CHECK(parse("user=a=b") == "user \"a=b\"");
  CHECK(parse("guided={\"a\":null}") == "guided {\"a\":null}");
  CHECK(parse("top_p=null") == "top_p null");
  CHECK(parse("empty=") == "empty \"\"");
  for (const char* bad : {"top_k", "=1", "", "model=x", "messages=[]", "stream=true", "n=2"}) {
    CHECK_MESSAGE(test::code_of([&] { parse_parameter(bad); }) == ErrorCode::usage, bad);
  }
}

TEST_CASE("headers are NAME: VALUE, and none that lumi sets or that carries a key") {
  CHECK(parse_header("X-Team: a b ") == net::HttpHeader{"X-Team", "a b"});
  CHECK(parse_header("x:y:z") == net::HttpHeader{"x", "y:z"});
  for (const char* bad : {"X-Team",
                          "X-Team:",
                          ": v",
                          "X Team: v",
                          "X: a\r\nY: b",
                          "X: a\x01",
                          "Authorization: Bearer x",
                          "API-Key: x",
                          "x-api-key: x",
                          "Content-Length: 3",
                          "Host: h",
                          "content-type: x",
                          "Transfer-Encoding: chunked"}) {
    CHECK_MESSAGE(test::code_of([&] { parse_header(bad); }) == ErrorCode::usage, bad);
  }
}

TEST_CASE("a header of the user's replaces lumi's own of the same name") {
  auto chat_settings = settings();
  chat_settings.headers = {{"Anthropic-Version", "2099-01-01"}, {"X-Team", "t"}};
  const auto request = builder("anthropic", chat_settings).build(k_messages);
  CHECK(header(request, "anthropic-version").empty());
  CHECK(header(request, "Anthropic-Version") == "[2099-01-01]");
  CHECK(header(request, "X-Team") == "[t]");
}

TEST_CASE("Mistral's names are used for Mistral") {
  auto chat_settings = settings();
  chat_settings.seed = 1;
  chat_settings.delivery = Delivery::stream;
  chat_settings.parameters = {{"logprobs", "true"}};
  const auto requests = builder("mistral", chat_settings);
  const auto json = json_of(requests);
  CHECK(json["random_seed"] == 1);
  CHECK(json["stream"] == true);
  CHECK_FALSE(json.contains("seed"));
  CHECK_FALSE(json.contains("logprobs"));
  CHECK_FALSE(json.contains("stream_options"));
  CHECK(requests.adjustments() ==
        std::vector<Adjustment>{{"seed", "random_seed"}, {"stream_options", ""}, {"logprobs", ""}});
}

TEST_CASE("Anthropic's own protocol has system messages apart, and its own header for the key") {
  auto chat_settings = settings();
  chat_settings.seed = 1;
  chat_settings.parameters = {{"stop", "[\"x\"]"}};
  const auto requests = builder("anthropic", chat_settings);
  const auto request = requests.build(k_messages);
  CHECK(request.url == "https://api.anthropic.com/v1/messages");
  CHECK(request.body == "{\"model\":\"m/1\",\"system\":\"Be \\\"brief\\\".\",\"messages\":[{\"role\":\"user\","
                        "\"content\":\"h\xC3\xA9llo\\nyou\"}],\"max_tokens\":1024,\"temperature\":0.5,\"top_p\":0.5,"
                        "\"stop_sequences\":[\"x\"]}");
  CHECK(header(request, "x-api-key") == "[k]");
  CHECK(header(request, "Authorization").empty());
  CHECK(header(request, "anthropic-version") == "[2023-06-01]");
  CHECK(requests.adjustments() ==
        std::vector<Adjustment>{{"stop", "stop_sequences"}, {"frequency_penalty", ""}, {"seed", ""}});
  const std::array<Message, 3> several = {{{Role::system, "a"}, {Role::system, "b"}, {Role::user, "c"}}};
  CHECK(nlohmann::json::parse(requests.body(several))["system"] == "a\nb");
  const std::array<Message, 1> none = {{{Role::user, "c"}}};
  CHECK_FALSE(nlohmann::json::parse(requests.body(none)).contains("system"));
}

TEST_CASE("Azure takes its key in a header of its own") {
  const RequestBuilder requests(make_endpoint("azure", "https://r.openai.azure.com/openai/deployments/d?api-version=1"),
                                {"k", "test", ""},
                                settings());
  CHECK(header(requests.build(k_messages), "api-key") == "[k]");
}

TEST_CASE("a parameter that is refused is left out or renamed once, for all requests to come") {
  auto requests = builder("openai");
  const auto before = requests.revision();
  CHECK(requests.adjust({"max_tokens", "max_completion_tokens"}, before) == Adjusted::now);
  CHECK(requests.adjust({"temperature", ""}, before) == Adjusted::now);
  CHECK(body_of(requests).ends_with("],\"max_completion_tokens\":1024,\"frequency_penalty\":0.0,\"top_p\":0.5}"));
  CHECK(requests.adjustments() ==
        std::vector<Adjustment>{{"max_tokens", "max_completion_tokens"}, {"temperature", ""}});
  CHECK(requests.fields().size() == 4);
  // Another request that was sent before asks for the same.
  CHECK(requests.adjust({"max_tokens", "max_completion_tokens"}, before) == Adjusted::before);
  CHECK(requests.adjust({"temperature", ""}, before) == Adjusted::before);
  CHECK(requests.adjustments().size() == 2);
  // A request without the parameter cannot have been refused for it.
  CHECK(requests.adjust({"temperature", ""}, requests.revision()) == Adjusted::impossible);
  CHECK(requests.adjust({"unheard_of", ""}, requests.revision()) == Adjusted::impossible);
}

TEST_CASE("an endpoint that cannot make up its mind is not followed for ever") {
  auto requests = builder("openai");
  CHECK(requests.adjust({"max_tokens", "max_completion_tokens"}, requests.revision()) == Adjusted::now);
  CHECK(requests.adjust({"max_completion_tokens", "max_tokens"}, requests.revision()) == Adjusted::now);
  CHECK(requests.adjustments().back() == Adjustment{"max_completion_tokens", ""});
  CHECK(requests.adjust({"max_tokens", "max_completion_tokens"}, requests.revision()) == Adjusted::impossible);
  CHECK_FALSE(json_of(requests).contains("max_tokens"));
}

TEST_CASE("what makes a request is never left out, and a rename takes no field away") {
  auto chat_settings = settings();
  chat_settings.parameters = {{"max_completion_tokens", "5"}};
  auto requests = builder("openai", chat_settings);
  CHECK(requests.adjust({"model", ""}, 0) == Adjusted::impossible);
  CHECK(requests.adjust({"messages", ""}, 0) == Adjusted::impossible);
  CHECK(requests.adjust({"max_tokens", "max_completion_tokens"}, 0) == Adjusted::now);
  CHECK(json_of(requests)["max_completion_tokens"] == 5);
}

TEST_CASE("what an answer's reader is told lists every name that was ever sent") {
  auto requests = builder("openai");
  requests.adjust({"max_tokens", "max_completion_tokens"}, 0);
  const auto& names = requests.context().parameters;
  for (const char* name : {"max_tokens", "max_completion_tokens", "temperature", "top_p", "frequency_penalty"}) {
    CHECK_MESSAGE(std::find(names.begin(), names.end(), name) != names.end(), name);
  }
  CHECK(std::find(names.begin(), names.end(), "model") == names.end());
}
