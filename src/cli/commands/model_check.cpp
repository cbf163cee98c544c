#include "core/models/model_check.hpp"

#include "base/error.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "cli/io/json_value.hpp"
#include "core/services/secret.hpp"
#include "net/curl_http_client.hpp"

#include <array>

namespace lumi::cli {

namespace {

using models::ModelCheck;

struct ModelCheckOptions {
  std::string model;
  std::optional<std::string> provider;
  std::optional<std::string> base_url;
  std::optional<std::string> secret_key_name;
  std::vector<std::string> allowed_hosts;
  bool allow_plaintext = false;
};

Value refused_of(const ModelCheck& check) {
  return json_value([&](JsonWriter& json) {
    json.begin_array();
    for (const auto& name : check.refused_parameters) {
      json.value(name);
    }
    json.end_array();
  });
}

constexpr std::array<Field<ModelCheck>, 10> k_check_fields{{
    {"model", "MODEL", Show::column, [](const ModelCheck& check) { return Value(check.model); }},
    {"provider", "PROVIDER", Show::column, [](const ModelCheck& check) { return Value(check.provider); }},
    {"base_url", "BASE URL", Show::column, [](const ModelCheck& check) { return Value(check.base_url); }},
    {"key", "KEY", Show::column, [](const ModelCheck& check) { return Value(check.key); }},
    {"ok", "OK", Show::column, [](const ModelCheck& check) { return Value(check.ok); }},
    {"status", "HTTP", Show::column, [](const ModelCheck& check) { return value_or_null(check.status); }},
    {"latency_ms",
     "MILLISECONDS",
     Show::column,
     [](const ModelCheck& check) { return value_or_null(check.latency_ms); }},
    {"answering_model",
     "ANSWERS AS",
     Show::column,
     [](const ModelCheck& check) { return value_or_null(check.answering_model); }},
    {"refused_parameters", "REFUSED", Show::column, refused_of},
    {"error", "ERROR", Show::column, [](const ModelCheck& check) { return value_or_null(check.error); }},
}};

void bind(OptionSet& set, ModelCheckOptions& options) {
  set.positional("MODEL", options.model, "[PROVIDER/]MODEL[@BASE_URL]").completes(Completes::model);
  set.option("--provider", "PROVIDER", options.provider, "Who serves it")
      .shows_default("what MODEL says, or the list of models");
  set.option("--base-url", "URL", options.base_url, "Where it is served, such as http://127.0.0.1:8080/v1");
  set.option("--secret-key-name", "NAME", options.secret_key_name, "The secret that holds the key")
      .completes(Completes::secret);
  set.list("--allow-host", "HOST", options.allowed_hosts, "Let the key go to this HOST or HOST:PORT too");
  set.flag("--allow-plaintext", options.allow_plaintext, "Let the key go over http to other machines");
}

models::ModelChoice choice_of(const ModelCheckOptions& options, Context& context) {
  const auto file = context.settings().file().parent_path() / "models.json";
  const auto text = options.base_url ? options.model + "@" + *options.base_url : options.model;
  auto choice = models::parse_model(text, models::known_models(file));
  choice.provider = options.provider.value_or(choice.provider);
  if (choice.provider == "hf") {
    throw Error(ErrorCode::usage,
                "provider \"hf\" needs a worker that runs models on this machine, and this lumi has none",
                "'lumi model list --runnable' lists those that can be asked");
  }
  if (choice.provider.empty()) {
    throw Error(ErrorCode::usage,
                "who serves model " + quote(choice.model) + " is not known",
                "write PROVIDER/" + choice.model + ", or give --base-url for a server of your own");
  }
  return choice;
}

ExitCode run(const ModelCheckOptions& options, Context& context) {
  const auto choice = choice_of(options, context);
  chat::KeyRequest key;
  key.purpose = "request to model '" + choice.model + "'";
  key.secret_key_name = options.secret_key_name;
  key.allowed_hosts = options.allowed_hosts;
  for (auto& host : split_outside_brackets(context.settings().get("inference.allowed_hosts").value, ',')) {
    key.allowed_hosts.push_back(std::move(host));
  }
  key.plaintext = options.allow_plaintext ? chat::Plaintext::allow : chat::Plaintext::refuse;
  net::CurlHttpClient client;
  const auto secrets = [&](const std::string& name) { return context.secrets().find(name); };
  const auto check = models::check_model(client, choice, key, secrets, context.clock());
  show_item(context.streams(), context.view(), grid_of(k_check_fields, std::vector{check}));
  if (check.verdict) {
    throw Error(*check.verdict, "model " + quote(check.model) + " does not answer: " + check.error.value_or(""));
  }
  return ExitCode::done;
}

}  // namespace

Command model_check_command() {
  return command<ModelCheckOptions>(
      {.path = "model check",
       .summary = "Ask a model for one token, to see whether it can be asked",
       .description =
           "Sends one small request and shows where the key comes from, how long the answer took, and which "
           "parameters the endpoint does not take. Exits with 4 if the key is missing or refused, with 5 if there "
           "is no such model, with 7 if the endpoint is out of reach.",
       .examples = {{"one of the list", "lumi model check gpt-4o-mini"},
                    {"by its provider", "lumi model check mistral/ministral-8b-latest"},
                    {"on a server of your own", "lumi model check gemma@http://127.0.0.1:8080/v1"}},
       .json_fields = names_of(k_check_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
