#pragma once
#include "store/database.hpp"
#include "store/home.hpp"

#include <filesystem>
#include <optional>

namespace lumi::store {

/// Copies the database, as it is at this moment and without gaps, to that of `target`, which must have none. It is on
/// the disk when this returns.
void copy_database(Database& database, const Home& target);

/// Makes the database file `staged` (which no process has open) that of `home`, in one step. One that was there is
/// kept, and its new path returned. Throws `conflict` if a process uses it.
std::optional<std::filesystem::path> replace_database(const Home& home, const std::filesystem::path& staged);

/// Sets the journal mode that fits the home's file system; copies of databases have lost it.
void set_journal_mode(Database& database);

}  // namespace lumi::store
