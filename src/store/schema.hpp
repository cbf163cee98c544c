#pragma once
#include "base/embedded_file.hpp"
#include "store/home.hpp"

#include <span>

namespace SQLite {
class Database;
}

namespace lumi::store {

/// Makes the database of `home`, unless another process is faster.
void create_database(const Home& home, std::span<const EmbeddedFile> migrations);

/// Brings the database up to the last migration, unless another process is faster; a copy of it as it was is kept as
/// lumi.db.schema-<version>. Throws `storage` if it is of a newer schema than `migrations`.
void migrate_database(SQLite::Database& connection, const Home& home, std::span<const EmbeddedFile> migrations);

}  // namespace lumi::store
