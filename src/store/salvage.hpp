#pragma once
#include "store/database.hpp"

#include <cstdint>
#include <filesystem>

namespace lumi::store {

/// How many rows were rescued.
struct SalvagedRows {
  std::uint64_t datasets = 0;
  std::uint64_t jobs = 0;
  std::uint64_t experiments = 0;
  std::uint64_t workflows = 0;
  std::uint64_t refused = 0;  ///< looked like rows, but do not fit
};

/// Reads what can be read of the rows in the damaged database file `damaged` and inserts them into `target`. Rows that
/// refer to others which are lost come without the reference, or, where they are nothing without it, not at all.
/// No connection of this process may have `damaged` open.
SalvagedRows salvage_rows(const std::filesystem::path& damaged, Database& target);

}  // namespace lumi::store
