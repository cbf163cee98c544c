#include "core/metrics/nltk_data.hpp"

#include "base/environment.hpp"
#include "base/text.hpp"
#include "core/metrics/text/punkt_parameters.hpp"

namespace lumi::metrics {

std::vector<std::filesystem::path> nltk_data_folders(const Resources& resources) {
  if (!resources.nltk_data_dir.empty()) {
    return {resources.nltk_data_dir};
  }
  std::vector<std::filesystem::path> folders;
  if (const auto listed = environment("NLTK_DATA")) {
    for (const auto folder : split(*listed, ':')) {
      if (!folder.empty()) {
        folders.emplace_back(folder);
      }
    }
  }
  if (const auto home = environment("HOME")) {
    folders.push_back(std::filesystem::path(*home) / "nltk_data");
  }
  for (const auto* folder : {"/usr/share/nltk_data", "/usr/local/share/nltk_data", "/usr/lib/nltk_data"}) {
    folders.emplace_back(folder);
  }
  return folders;
}

std::optional<std::filesystem::path> find_punkt_data(const Resources& resources) {
  for (const auto& folder : nltk_data_folders(resources)) {
    auto punkt = folder / "tokenizers" / "punkt_tab" / "english";
    if (PunktParameters::is_in(punkt)) {
      return punkt;
    }
  }
  return std::nullopt;
}

}  // namespace lumi::metrics
