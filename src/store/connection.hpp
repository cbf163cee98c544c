#pragma once
#include "store/database.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>

namespace SQLite {
class Database;
}

namespace lumi::store {

/// "LUMI": marks a database as lumi's.
inline constexpr std::uint32_t k_application_id = 0x4C554D49;

/// A connection with lumi's settings to the existing database at `path`, whose header is looked at but nothing else.
/// With Access::read, what the folder or the disk does not allow is worked round: see reliability in ARCHITECTURE.md.
std::unique_ptr<SQLite::Database> open_connection(const std::filesystem::path& path, Access access);

/// A connection for writing that no other process may share: it keeps the index of the write-ahead log in memory, where
/// others need a file of 32 KiB. Throws `conflict` while another process has the database open.
std::unique_ptr<SQLite::Database> open_alone(const std::filesystem::path& path);

/// PRAGMA user_version: the number of the last migration.
int read_schema_version(SQLite::Database& connection);

/// Pauses for a moment if this thread has met other writers lately: one that commits and begins again at once would
/// keep those that wait, who only look now and then, from ever getting their turn.
void give_way_to_other_writers();

}  // namespace lumi::store
