#pragma once
#include "base/embedded_file.hpp"
#include "base/error.hpp"
#include "store/home.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>

namespace SQLite {
class Database;
}

namespace lumi::store {

/// Whether a connection may change the database.
enum class Access { read, write };

/// How sure a commit is: `full` outlives a power loss, `normal` a killed process (for progress and heartbeats).
enum class Durability { full, normal };

/// The numbered migrations of this version, the first being 0001; their number is the schema's version.
std::span<const EmbeddedFile> all_migrations();

/// A connection to lumi.db. Not for two threads at once. Everything that goes wrong is thrown as Error: `conflict` if
/// another process held the database for 30 s, `permission` where the disk is full or read-only, `storage` if the
/// database is damaged, not lumi's, or of a newer schema.
class Database {
public:
  /// Opens the database for writing; creates home and database if they are not there, and migrates an older schema.
  static std::unique_ptr<Database> open(const Home& home, std::span<const EmbeddedFile> migrations = all_migrations());

  /// Opens the database for reading, also where the folder is read-only or the disk full; null if there is none.
  /// Nothing is created; an older schema is migrated if that can be done.
  static std::unique_ptr<Database> find(const Home& home, std::span<const EmbeddedFile> migrations = all_migrations());

  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  const Home& home() const { return home_; }
  Access access() const { return access_; }
  void set_durability(Durability durability);

  /// Runs `work` as one transaction that takes the write lock at the start: all of it is kept, or, if it throws,
  /// nothing. `work` may run more than once. Within a transaction, `work` joins it.
  template <class Work>
  auto transaction(Work&& work) -> std::invoke_result_t<Work> {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      run_transaction(std::ref(work));
    } else {
      std::optional<std::invoke_result_t<Work>> result;
      run_transaction([&] { result.emplace(work()); });
      return std::move(*result);
    }
  }

  /// The connection, for src/store only.
  SQLite::Database& connection() { return *connection_; }

private:
  Database(Home home, Access access, std::unique_ptr<SQLite::Database> connection);
  void run_transaction(const std::function<void()>& work);
  void run_once(const std::function<void()>& work);
  bool run_in_little_space(const std::function<void()>& work);
  void reconnect(std::unique_ptr<SQLite::Database> (*connect)(const std::filesystem::path& path));

  Home home_;
  Access access_;
  Durability durability_ = Durability::full;
  std::unique_ptr<SQLite::Database> connection_;
  bool in_transaction_ = false;
};

}  // namespace lumi::store
