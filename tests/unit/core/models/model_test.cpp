#include "core/models/model.hpp"

#include <doctest/doctest.h>

using namespace lumi::models;

TEST_CASE("a model is named with its provider, its URL, or neither") {
  const auto models = suggested_models();
  const auto check = [&](const char* text, const char* provider, const char* model, const char* url) {
    CAPTURE(text);
    const auto choice = parse_model(text, models);
    CHECK(choice.provider == provider);
    CHECK(choice.model == model);
    CHECK(choice.base_url.value_or("") == url);
  };
  check("gpt-4o", "openai", "gpt-4o", "");
  check("mistral/ministral-8b-latest", "mistral", "ministral-8b-latest", "");
  check("facebook/bart-large-cnn", "hf", "facebook/bart-large-cnn", "");
  check("mistralai/Mistral-7B-Instruct-v0.2",
        "hosted_vllm",
        "mistralai/Mistral-7B-Instruct-v0.2",
        "http://localhost:8080/v1");
  check("gemma@http://127.0.0.1:1/v1", "hosted_vllm", "gemma", "http://127.0.0.1:1/v1");
  check("gpt-4o@https://x.example/v1", "hosted_vllm", "gpt-4o", "https://x.example/v1");
  check("openai/gpt-4o@https://x.example/v1", "openai", "gpt-4o", "https://x.example/v1");
  check("someone@home/model", "", "someone@home/model", "");
  check("unknown", "", "unknown", "");
}

TEST_CASE("every model that is suggested says what it is") {
  for (const auto& model : suggested_models()) {
    CAPTURE(model.model);
    CHECK(model.description.value_or("").size() > 20);
    CHECK_FALSE(model.tasks.empty());
    CHECK(model.website_url.value_or("").starts_with("https://"));
  }
}
