#include "store/schema.hpp"

#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"
#include "store/connection.hpp"
#include "store/database_error.hpp"
#include "store/folder_lock.hpp"
#include "store/network_folder.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <sqlite3.h>

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace lumi::store {

namespace {

/// A database being made under a temporary name; what is left of it goes unless it was given its final one.
class Draft {
public:
  explicit Draft(const Home& home) : path_(home.path() / (".lumi-" + RandomIds().uuid() + ".part")) {
    // SQLite would make it readable for others, and gives its side files the mode of the database.
    const UniqueFd fd(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.is_open()) {
      throw system_error(errno, "cannot create a database in " + quote(home.path().string()));
    }
  }
  ~Draft() {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
      std::filesystem::remove(path_.string() + suffix, ignored);
    }
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  std::string name() const { return path_.string(); }

  void move_to(const std::filesystem::path& target) {
    const UniqueFd fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.is_open() || ::fsync(fd.get()) != 0 || ::rename(path_.c_str(), target.c_str()) != 0) {
      throw system_error(errno, "cannot write " + quote(target.string()));
    }
    sync_folder(target.parent_path());
  }

private:
  std::filesystem::path path_;
};

void apply(SQLite::Database& connection, std::span<const EmbeddedFile> migrations, int from) {
  for (auto number = static_cast<std::size_t>(from); number < migrations.size(); ++number) {
    connection.exec(std::string(migrations[number].text));
  }
  connection.exec("PRAGMA user_version = " + std::to_string(migrations.size()));
}

void check_foreign_keys(SQLite::Database& connection, const Home& home) {
  SQLite::Statement statement(connection, "PRAGMA foreign_key_check");
  if (statement.executeStep()) {
    throw damaged_database(home.database_path(), "a row refers to another that is not there");
  }
}

void keep_copy(SQLite::Database& connection, const Home& home, int version) {
  Draft draft(home);
  SQLite::Statement statement(connection, "VACUUM INTO ?");
  statement.bind(1, draft.name());
  statement.exec();
  draft.move_to(home.database_path().string() + ".schema-" + std::to_string(version));
}

void check_not_newer(int version, std::size_t known, const Home& home) {
  if (version < 1) {
    throw damaged_database(home.database_path(), "its schema has no version");
  }
  if (static_cast<std::size_t>(version) > known) {
    throw Error(
        ErrorCode::storage,
        "the database " + quote(home.database_path().string()) + " was written by a newer lumi (schema " +
            std::to_string(version) + ", this one knows up to " + std::to_string(known) + ")",
        "upgrade lumi, or use another home; if no newer lumi was ever used here, 'lumi doctor' says what is damaged");
  }
}

}  // namespace

void create_database(const Home& home, std::span<const EmbeddedFile> migrations) {
  home.create();
  const auto lock = lock_home(home);
  std::error_code ignored;
  if (std::filesystem::exists(home.database_path(), ignored)) {
    return;
  }
  Draft draft(home);
  try {
    SQLite::Database connection(draft.name(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX);
    // Nobody sees the draft before it is synced as a whole.
    connection.exec("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA application_id = " +
                    std::to_string(k_application_id));
    SQLite::Transaction transaction(connection);
    apply(connection, migrations, 0);
    transaction.commit();
    // WAL needs memory shared between all processes, which other hosts do not have.
    connection.exec(is_network_folder(home.path()) ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL");
  } catch (const SQLite::Exception& exception) {
    throw_database_error(exception, home.database_path());
  }
  draft.move_to(home.database_path());
}

void migrate_database(SQLite::Database& connection, const Home& home, std::span<const EmbeddedFile> migrations) {
  try {
    int version = read_schema_version(connection);
    check_not_newer(version, migrations.size(), home);
    if (static_cast<std::size_t>(version) == migrations.size()) {
      return;
    }
    const auto lock = lock_home(home);
    version = read_schema_version(connection);
    check_not_newer(version, migrations.size(), home);
    if (static_cast<std::size_t>(version) == migrations.size()) {
      return;
    }
    keep_copy(connection, home, version);
    // Migrations may replace tables that others refer to; the check comes at the end.
    sqlite3_db_config(connection.getHandle(), SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);
    SQLite::Transaction transaction(connection, SQLite::TransactionBehavior::IMMEDIATE);
    apply(connection, migrations, version);
    check_foreign_keys(connection, home);
    transaction.commit();
    sqlite3_db_config(connection.getHandle(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  } catch (const SQLite::Exception& exception) {
    throw_database_error(exception, home.database_path());
  }
}

}  // namespace lumi::store
