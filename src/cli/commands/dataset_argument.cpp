#include "cli/commands/dataset_argument.hpp"

#include <filesystem>

namespace lumi::cli {

bool is_file_argument(const std::string& dataset) {
  if (dataset == "-" || dataset.find('/') != std::string::npos) {
    return true;
  }
  const std::filesystem::path path = dataset;
  std::error_code absent;
  return path.has_extension() && std::filesystem::exists(path, absent);
}

std::string filename_of(const std::string& file) {
  return file == "-" ? "stdin.csv" : std::filesystem::path(file).filename().string();
}

}  // namespace lumi::cli
