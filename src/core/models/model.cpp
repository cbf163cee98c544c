#include "core/models/model.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "core/chat/provider.hpp"
#include "embedded/models.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace lumi::models {

namespace {

using OrderedJson = nlohmann::ordered_json;

std::optional<std::string> text_of(const OrderedJson& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? std::nullopt : std::optional(found->get<std::string>());
}

std::optional<std::string> json_of(const OrderedJson& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? std::nullopt : std::optional(found->dump());
}

Model read_model(const OrderedJson& json) {
  Model model;
  model.model = json.at("model").get<std::string>();
  model.provider = json.at("provider").get<std::string>();
  model.display_name = text_of(json, "display_name").value_or(model.model);
  model.base_url = text_of(json, "base_url");
  model.website_url = text_of(json, "website_url");
  model.description = text_of(json, "description");
  model.requirements_json = json_of(json, "requirements").value_or("[]");
  model.info_json = json_of(json, "info");
  auto tasks = json.value("tasks", OrderedJson::array());
  for (auto& task : tasks) {
    for (auto& [name, parameters] : task.items()) {
      model.tasks.push_back(name);
      parameters = parameters.is_null() ? OrderedJson::object() : parameters;
    }
  }
  model.tasks_json = tasks.dump();
  return model;
}

std::vector<Model> read_models(std::string_view text, const std::string& name) {
  try {
    std::vector<Model> models;
    for (const auto& json : OrderedJson::parse(text.begin(), text.end())) {
      models.push_back(read_model(json));
    }
    return models;
  } catch (const OrderedJson::exception& error) {
    throw Error(ErrorCode::invalid_input,
                quote(name) + " is no list of models: " + error.what(),
                "it is a JSON array of objects with model, provider and tasks");
  }
}

}  // namespace

std::vector<Model> suggested_models() { return read_models(k_models[0].text, "models.json"); }

std::vector<Model> known_models(const std::filesystem::path& file) {
  auto models = suggested_models();
  std::error_code absent;
  if (!std::filesystem::exists(file, absent)) {
    return models;
  }
  for (auto& own : read_models(read_file(file), file.string())) {
    const auto same = std::find_if(models.begin(), models.end(), [&](const Model& model) {
      return model.model == own.model && model.provider == own.provider;
    });
    if (same != models.end()) {
      *same = std::move(own);
    } else {
      models.push_back(std::move(own));
    }
  }
  return models;
}

std::vector<Model> with_any_task(std::vector<Model> models, const std::vector<std::string>& tasks) {
  std::erase_if(models, [&](const Model& model) {
    return !tasks.empty() &&
           std::find_first_of(model.tasks.begin(), model.tasks.end(), tasks.begin(), tasks.end()) == model.tasks.end();
  });
  return models;
}

std::optional<std::string> why_not_runnable(const Model& model,
                                            const std::function<bool(const std::string& name)>& has_secret) {
  if (model.provider == "hf") {
    return "needs a worker that runs models of Hugging Face on this machine, and this lumi has none";
  }
  const auto* provider = chat::find_provider(model.provider);
  if (provider == nullptr) {
    return model.base_url ? std::nullopt : std::optional<std::string>("the provider is not known: give --base-url");
  }
  const std::string variable(provider->key_variable);
  if (provider->key_need == chat::KeyNeed::none || variable.empty() || secret_environment(variable.c_str()) ||
      has_secret(to_lower_ascii(variable))) {
    return std::nullopt;
  }
  return "no key: set " + variable + ", or keep it with 'lumi secret set " + to_lower_ascii(variable) + "'";
}

ModelChoice parse_model(std::string_view text, const std::vector<Model>& models) {
  ModelChoice choice;
  if (const auto at = text.rfind("@http"); at != std::string_view::npos) {
    choice.base_url = std::string(text.substr(at + 1));
    text = text.substr(0, at);
  }
  const auto slash = text.find('/');
  const auto before = slash == std::string_view::npos ? std::string_view() : text.substr(0, slash);
  if (!before.empty() && (chat::find_provider(before) != nullptr || before == "hf")) {
    choice.provider = std::string(before);
    choice.model = std::string(text.substr(slash + 1));
    return choice;
  }
  choice.model = std::string(text);
  const auto known =
      std::find_if(models.begin(), models.end(), [&](const Model& model) { return model.model == choice.model; });
  if (choice.base_url) {
    choice.provider = "hosted_vllm";
  } else if (known != models.end()) {
    choice.provider = known->provider;
    choice.base_url = known->base_url;
  }
  return choice;
}

}  // namespace lumi::models
