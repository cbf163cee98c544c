#pragma once
#include "base/clock.hpp"
#include "store/home.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace lumi::services {

/// What was rescued of a home.
struct SalvageReport {
  std::uint64_t datasets = 0;
  std::uint64_t jobs = 0;
  std::uint64_t experiments = 0;
  std::uint64_t workflows = 0;
  std::uint64_t objects = 0;
  std::uint64_t rebuilt_datasets = 0;  ///< whose row was lost and made again from the file
  std::vector<std::string> losses;     ///< what could not be rescued, and what was changed
};

/// Copies what can be read of the home `damaged` into a new one in `target`, which must not exist or be empty (else
/// `conflict`). The damaged home is only read. Files that nothing names are put into target/unowned.
SalvageReport salvage(const store::Home& damaged, const std::filesystem::path& target);

}  // namespace lumi::services
