#include "core/inference/engine.hpp"

#include "base/sha256.hpp"
#include "core/inference/engine_loop.hpp"

#include <utility>

namespace lumi::inference {

namespace {

std::string_view to_text(chat::Protocol protocol) {
  switch (protocol) {
  case chat::Protocol::openai:
    return "openai";
  case chat::Protocol::anthropic:
    return "anthropic";
  case chat::Protocol::worker:
    break;
  }
  return "worker";
}

}  // namespace

std::string cache_key(const chat::Endpoint& endpoint, std::string_view body) {
  Sha256 hash;
  const std::string_view protocol = to_text(endpoint.provider->protocol);
  for (const std::string_view part : {std::string_view("1"), protocol, std::string_view(endpoint.url), body}) {
    hash.update(part);
    hash.update({"\0", 1});
  }
  return hash.hex_digest();
}

Engine::Engine(EngineParts parts, EngineSettings settings, std::optional<std::string> system_prompt)
    : loop_(std::make_unique<EngineLoop>(std::move(parts), settings, std::move(system_prompt))) {}

Engine::~Engine() = default;

std::optional<Error> Engine::run(const SampleSpec& samples, const ProgressCallback& progress) {
  return loop_->run(samples, progress);
}

std::uint64_t Engine::cache_hits() const { return loop_->cache_hits(); }

std::uint64_t Engine::retries() const { return loop_->retries(); }

}  // namespace lumi::inference
