#include "store/database.hpp"

#include "base/text.hpp"
#include "embedded/migrations.hpp"
#include "store/connection.hpp"
#include "store/database_error.hpp"
#include "store/query.hpp"
#include "store/schema.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <cerrno>

#include <sys/stat.h>

namespace lumi::store {

namespace {

constexpr int k_most_runs = 10;

/// Whether there is a lumi.db. Throws if that cannot be known.
bool has_database(const Home& home) {
  struct stat info {};
  if (::lstat(home.database_path().c_str(), &info) == 0) {
    return true;
  }
  if (errno != ENOENT) {
    // A home that is a file, or has one above it, is as little a home as one that may not be read.
    throw system_error(errno == ENOTDIR ? EACCES : errno, "cannot read " + quote(home.database_path().string()));
  }
  return false;
}

bool is_current(SQLite::Database& connection, const Home& home, std::span<const EmbeddedFile> migrations) {
  try {
    return static_cast<std::size_t>(read_schema_version(connection)) == migrations.size();
  } catch (const SQLite::Exception& exception) {
    throw_database_error(exception, home.database_path());
  }
}

}  // namespace

std::span<const EmbeddedFile> all_migrations() { return k_migrations; }

Database::Database(Home home, Access access, std::unique_ptr<SQLite::Database> connection)
    : home_(std::move(home)), access_(access), connection_(std::move(connection)) {}

Database::~Database() = default;

std::unique_ptr<Database> Database::open(const Home& home, std::span<const EmbeddedFile> migrations) {
  if (!has_database(home)) {
    create_database(home, migrations);
  }
  auto connection = open_connection(home.database_path(), Access::write);
  migrate_database(*connection, home, migrations);
  return std::unique_ptr<Database>(new Database(home, Access::write, std::move(connection)));
}

std::unique_ptr<Database> Database::find(const Home& home, std::span<const EmbeddedFile> migrations) {
  if (!has_database(home)) {
    return nullptr;
  }
  auto connection = open_connection(home.database_path(), Access::read);
  if (!is_current(*connection, home, migrations)) {
    connection.reset();
    migrate_database(*open_connection(home.database_path(), Access::write), home, migrations);
    connection = open_connection(home.database_path(), Access::read);
  }
  return std::unique_ptr<Database>(new Database(home, Access::read, std::move(connection)));
}

void Database::set_durability(Durability durability) {
  durability_ = durability;
  Query(*this, durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL").run();
}

void Database::run_transaction(const std::function<void()>& work) {
  if (in_transaction_) {
    work();
    return;
  }
  for (int run = 1;; ++run) {
    try {
      run_once(work);
      return;
    } catch (const StaleTransaction& stale) {
      if (run == k_most_runs) {
        throw Error(stale.code(), stale.what(), "run the command again; nothing was changed");
      }
    } catch (const Error& error) {
      const bool may_be_full = error.code() == ErrorCode::permission && access_ == Access::write;
      if (!may_be_full || !run_in_little_space(work)) {
        throw;
      }
      return;
    }
  }
}

/// On a full disk, what the write-ahead log and its index take may be just the room that is missing: folds the log into
/// the database, and runs `work` on a connection that needs no file for the index. False if that is not possible.
bool Database::run_in_little_space(const std::function<void()>& work) {
  if (connection_->tryExec("PRAGMA wal_checkpoint(TRUNCATE)") != SQLITE_OK) {
    return false;
  }
  reconnect(open_alone);
  const auto share_again = [this] {
    reconnect([](const std::filesystem::path& path) { return open_connection(path, Access::write); });
  };
  try {
    run_once(work);
  } catch (const Error& error) {
    share_again();
    if (error.code() == ErrorCode::conflict) {  // somebody else has the database open: the disk is still what is wrong
      return false;
    }
    throw;
  } catch (...) {
    share_again();
    throw;
  }
  share_again();
  return true;
}

void Database::reconnect(std::unique_ptr<SQLite::Database> (*connect)(const std::filesystem::path& path)) {
  connection_ = connect(home_.database_path());  // the last to close removes the log and its index
  if (durability_ != Durability::full) {         // else nothing is read, which would need the index again
    set_durability(durability_);
  }
}

void Database::run_once(const std::function<void()>& work) {
  give_way_to_other_writers();
  Query(*this, "BEGIN IMMEDIATE").run();
  in_transaction_ = true;
  try {
    work();
    Query(*this, "COMMIT").run();
    in_transaction_ = false;
  } catch (...) {
    in_transaction_ = false;
    // After some errors (a full disk) SQLite has rolled back by itself.
    if (sqlite3_get_autocommit(connection_->getHandle()) == 0) {
      connection_->tryExec("ROLLBACK");
    }
    throw;
  }
}

}  // namespace lumi::store
