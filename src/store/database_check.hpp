#pragma once
#include "store/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace lumi::store {

/// What is wrong with the database: SQLite's integrity check and the references between rows, at most a hundred lines.
struct DatabaseProblems {
  std::vector<std::string> structure;   ///< pages, rows, values
  std::vector<std::string> indexes;     ///< indexes that differ from their table, which `rebuild_indexes` mends
  std::vector<std::string> references;  ///< rows that refer to others which are not there

  bool empty() const { return structure.empty() && indexes.empty() && references.empty(); }
};

/// Looks at every page and row.
DatabaseProblems check_database(Database& database);

/// Makes all indexes again from their tables.
void rebuild_indexes(Database& database);

/// "wal" or "delete".
std::string journal_mode(Database& database);

/// The number of the last migration.
std::int64_t schema_version(Database& database);

/// The version of SQLite that this program contains.
std::string sqlite_version();

}  // namespace lumi::store
