#pragma once
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace lumi::test {

/// Holds `text` against tests/golden/`name`; LUMI_TEST_ACCEPT=1 writes the file instead.
inline void check_golden(const std::string& name, const std::string& text) {
  const auto path = std::filesystem::path(LUMI_SOURCE_DIR) / "tests" / "golden" / name;
  if (std::getenv("LUMI_TEST_ACCEPT") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  INFO("golden file " << path.string() << "; LUMI_TEST_ACCEPT=1 writes it anew");
  CHECK(text == expected);
}

}  // namespace lumi::test
