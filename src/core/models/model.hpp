#pragma once
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::models {

/// A model that is suggested for a task: ModelsResponse.
struct Model {
  std::string display_name;
  std::string model;
  std::string provider;
  std::optional<std::string> base_url;
  std::optional<std::string> website_url;
  std::optional<std::string> description;
  std::string requirements_json = "[]";  ///< `["api_key"]`
  std::optional<std::string> info_json;  ///< `{"parameter_count":…,"tensor_type":…,"model_size":…}`
  std::string tasks_json = "[]";         ///< `[{"summarization": {parameters}}]`
  std::vector<std::string> tasks;
};

/// The models that come with lumi.
std::vector<Model> suggested_models();

/// Those, and the ones of `file` behind them: the same JSON, an array of objects, where what has both model and
/// provider of another replaces it. Throws `invalid_input` for a file that is none.
std::vector<Model> known_models(const std::filesystem::path& file);

/// The models that support any of `tasks` (all of them without any).
std::vector<Model> with_any_task(std::vector<Model> models, const std::vector<std::string>& tasks);

/// Why `model` cannot be asked as things are; nothing if it can. `has_secret` says whether a secret is stored.
std::optional<std::string> why_not_runnable(const Model& model,
                                            const std::function<bool(const std::string& name)>& has_secret);

/// Which model is meant.
struct ModelChoice {
  std::string model;
  std::string provider;  ///< empty: not known
  std::optional<std::string> base_url;
};

/// Reads `PROVIDER/MODEL[@BASE_URL]` or `MODEL[@BASE_URL]`: the provider is what stands before the first `/`, if it is
/// a known one; else that of the model in `models`; with a base URL alone, hosted_vllm.
ModelChoice parse_model(std::string_view text, const std::vector<Model>& models);

}  // namespace lumi::models
