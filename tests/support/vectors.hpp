#pragma once
#include "base/file.hpp"
#include "base/text.hpp"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace lumi::test {

/// A JSON file of tests/data/vectors: values that the reference implementations gave.
inline nlohmann::json load_vectors(const std::string& name) {
  return nlohmann::json::parse(read_file(std::filesystem::path(LUMI_SOURCE_DIR) / "tests/data/vectors" / name));
}

/// The same for a file with one JSON object a line.
inline std::vector<nlohmann::json> load_vector_lines(const std::string& name) {
  const std::string text = read_file(std::filesystem::path(LUMI_SOURCE_DIR) / "tests/data/vectors" / name);
  std::vector<nlohmann::json> lines;
  for (const auto line : split(text, '\n')) {
    if (!line.empty()) {
      lines.push_back(nlohmann::json::parse(line));
    }
  }
  return lines;
}

}  // namespace lumi::test
