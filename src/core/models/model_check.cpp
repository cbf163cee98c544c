#include "core/models/model_check.hpp"

#include "core/chat/answer_reader.hpp"
#include "core/chat/endpoint.hpp"

#include <array>

namespace lumi::models {

namespace {

constexpr int k_most_requests = 16;
constexpr std::chrono::milliseconds k_patience(60'000);

ErrorCode code_of(const chat::Verdict& verdict) {
  if (chat::is_auth_or_quota(verdict.kind)) {
    return ErrorCode::credentials;
  }
  const bool may_pass = verdict.action == chat::Verdict::Action::retry || chat::is_unreachable(verdict.kind);
  return verdict.status == 404 ? ErrorCode::not_found : may_pass ? ErrorCode::unavailable : ErrorCode::failure;
}

chat::RequestBuilder small_request(const chat::Endpoint& endpoint, const chat::ApiKey& key, const std::string& model) {
  chat::ChatSettings settings;
  settings.model = model;
  settings.generation.max_new_tokens = 1;
  settings.seed = 1;  // so that an endpoint which takes none says so
  settings.limits.total = k_patience;
  return {endpoint, key, std::move(settings)};
}

void note_answer(const chat::Outcome& outcome, ModelCheck& check) {
  check.ok = true;
  check.latency_ms = static_cast<double>(outcome.answer.latency.count()) / 1000.0;
  if (!outcome.answer.model.empty()) {
    check.answering_model = outcome.answer.model;
  }
}

void note_failure(const chat::Verdict& verdict, ModelCheck& check) {
  check.error = verdict.reason;
  check.verdict = code_of(verdict);
}

}  // namespace

ModelCheck check_model(net::HttpClient& client,
                       const ModelChoice& choice,
                       const chat::KeyRequest& key_request,
                       const chat::SecretLookup& secrets,
                       const Clock& clock) {
  const auto endpoint = chat::make_endpoint(choice.provider, choice.base_url);
  const auto key = chat::find_api_key(endpoint, key_request, secrets);
  auto builder = small_request(endpoint, key, choice.model);
  ModelCheck check;
  check.model = choice.model;
  check.provider = endpoint.provider_name;
  check.base_url = endpoint.base_url;
  check.key = key.origin;
  const std::array<chat::Message, 1> messages{{{chat::Role::user, "Say yes."}}};
  for (int request = 0; request < k_most_requests; ++request) {
    const auto revision = builder.revision();
    const auto answer = client.send(builder.build(messages));
    const auto outcome = chat::read_answer(answer, builder.context(), clock.now());
    check.status = answer.status == 0 ? std::nullopt : std::optional<std::int64_t>(answer.status);
    if (outcome.verdict.action == chat::Verdict::Action::accept) {
      note_answer(outcome, check);
      break;
    }
    check.error = outcome.verdict.reason;
    if (outcome.verdict.action != chat::Verdict::Action::adjust ||
        builder.adjust(*outcome.verdict.adjustment, revision) == chat::RequestBuilder::Adjusted::impossible) {
      note_failure(outcome.verdict, check);
      break;
    }
  }
  if (check.ok) {
    check.error.reset();
  }
  for (const auto& adjustment : builder.adjustments()) {
    check.refused_parameters.push_back(adjustment.parameter +
                                       (adjustment.sent_as.empty() ? "" : "=" + adjustment.sent_as));
  }
  return check;
}

}  // namespace lumi::models
