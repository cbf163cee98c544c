#pragma once
#include "support/fake_http_client.hpp"

#include <nlohmann/json.hpp>

#include <string>

namespace lumi::test {

/// What a request asks the model: the text of its last message.
inline std::string prompt_of(const net::HttpRequest& request) {
  return nlohmann::json::parse(request.body).at("messages").back().at("content").get<std::string>();
}

/// An answer of a chat completions endpoint that says `text`.
inline net::HttpAnswer chat_answer(const std::string& text, const std::string& finish_reason = "stop") {
  const nlohmann::json body = {
      {"model", "tiny"},
      {"system_fingerprint", "fp_1"},
      {"choices",
       {{{"index", 0}, {"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", finish_reason}}}},
      {"usage", {{"prompt_tokens", 10}, {"completion_tokens", 5}, {"total_tokens", 15}}}};
  return http_answer(200, body.dump(), "Content-Type: application/json\r\n");
}

/// An error as OpenAI words it.
inline net::HttpAnswer chat_error(int status, const std::string& message, const std::string& code = {}) {
  const nlohmann::json body = {{"error", {{"message", message}, {"type", "some_error"}, {"code", code}}}};
  return http_answer(status, body.dump(), "Content-Type: application/json\r\n");
}

}  // namespace lumi::test
