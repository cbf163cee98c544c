#include "store/database_copy.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "store/folder_lock.hpp"
#include "store/network_folder.hpp"
#include "store/query.hpp"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace lumi::store {

namespace {

namespace fs = std::filesystem;

void sync_file(const fs::path& path) {
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.is_open() || ::fsync(fd.get()) != 0) {
    throw system_error(errno, "cannot write " + quote(path.string()));
  }
}

fs::path with_suffix(const fs::path& path, const std::string& suffix) { return path.string() + suffix; }

/// A name for the database that is replaced: the first that is free.
fs::path free_name(const fs::path& database) {
  auto candidate = with_suffix(database, ".before-restore");
  for (int number = 2; fs::exists(candidate); ++number) {
    candidate = with_suffix(database, ".before-restore-" + std::to_string(number));
  }
  return candidate;
}

/// Writes what is in the WAL into the database, and makes sure that nobody else has it open. A damaged database stays
/// as it is.
void settle(const Home& home) {
  try {
    const auto database = Database::open(home);
    Query(*database, "PRAGMA locking_mode = EXCLUSIVE").next();
    database->transaction([] {});
  } catch (const Error& error) {
    if (error.code() != ErrorCode::storage) {
      throw;
    }
  }
}

void rename_file(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) {
    throw system_error(errno, "cannot write " + quote(to.string()));
  }
}

/// Gives the present database a second name, so that the first can be replaced in one step.
fs::path keep_present(const fs::path& database) {
  const auto kept = free_name(database);
  // A WAL left by a killed process would be replayed into the database that comes.
  if (fs::exists(with_suffix(database, "-wal"))) {
    rename_file(with_suffix(database, "-wal"), with_suffix(kept, "-wal"));
  }
  ::unlink(with_suffix(database, "-shm").c_str());
  if (::link(database.c_str(), kept.c_str()) != 0) {
    rename_file(database, kept);
  }
  return kept;
}

}  // namespace

void copy_database(Database& database, const Home& target) {
  target.create();
  const auto path = target.database_path();
  {
    // SQLite would make it readable for others.
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (!fd.is_open()) {
      throw system_error(errno, "cannot write " + quote(path.string()));
    }
  }
  Query(database, "VACUUM INTO ?").bind(path.string()).run();
  sync_file(path);
  sync_folder(target.path());
}

std::optional<fs::path> replace_database(const Home& home, const fs::path& staged) {
  const auto path = home.database_path();
  std::optional<fs::path> kept;
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(path, ignored))) {
    settle(home);
  }
  const auto lock = lock_home(home);
  if (fs::exists(fs::symlink_status(path, ignored))) {
    kept = keep_present(path);
  }
  sync_file(staged);
  rename_file(staged, path);
  sync_folder(home.path());
  return kept;
}

void set_journal_mode(Database& database) {
  const bool is_shared = is_network_folder(database.home().path());
  Query(database, is_shared ? "PRAGMA journal_mode = DELETE" : "PRAGMA journal_mode = WAL").next();
}

}  // namespace lumi::store
