#include "store/database_error.hpp"

#include "base/interrupt.hpp"
#include "base/text.hpp"

#include <SQLiteCpp/Exception.h>
#include <sqlite3.h>

#include <string>

#include <unistd.h>

namespace lumi::store {

namespace {

Error no_permission(const std::filesystem::path& database, const std::string& what) {
  return {ErrorCode::permission, "cannot use " + quote(database.string()) + ": " + what};
}

/// SQLite says only that a file could not be opened or read, not why.
Error cannot_reach(const std::filesystem::path& database, const std::string& what) {
  if (::access(database.c_str(), R_OK) != 0 || ::access(database.parent_path().c_str(), W_OK | X_OK) != 0) {
    return no_permission(database, "permission denied");
  }
  return {
      ErrorCode::storage, "cannot use " + quote(database.string()) + ": " + what, "look into it with 'lumi doctor'"};
}

Error busy(const std::filesystem::path& database) {
  if (pending_interrupt() != 0) {
    return {ErrorCode::interrupted, "interrupted while waiting for " + quote(database.string())};
  }
  return {ErrorCode::conflict,
          quote(database.string()) + " is in use by another process",
          "run the command again when that one has ended; nothing was changed"};
}

}  // namespace

Error damaged_database(const std::filesystem::path& database, const std::string& what) {
  return {ErrorCode::storage,
          "the database " + quote(database.string()) + " is damaged: " + what,
          "look into it with 'lumi doctor'; 'lumi doctor --salvage DIR' rescues what can be read"};
}

void throw_database_error(const SQLite::Exception& exception, const std::filesystem::path& database) {
  const int extended = exception.getExtendedErrorCode();
  const std::string what = exception.what();
  switch (extended >= 0 ? extended & 0xFF : exception.getErrorCode()) {
  case SQLITE_BUSY:
    if (extended == SQLITE_BUSY_SNAPSHOT || extended == SQLITE_BUSY_RECOVERY) {
      throw StaleTransaction(ErrorCode::conflict, quote(database.string()) + " is in use by another process");
    }
    throw busy(database);
  case SQLITE_LOCKED:
    throw busy(database);
  case SQLITE_INTERRUPT:
    throw Error(ErrorCode::interrupted, "interrupted");
  case SQLITE_FULL:
    throw Error(ErrorCode::permission,
                "cannot write " + quote(database.string()) + ": no space left on the disk",
                "free some space and run the command again: nothing was changed");
  case SQLITE_READONLY:
  case SQLITE_PERM:
    throw no_permission(database, "it is read-only");
  case SQLITE_CANTOPEN:
    if (extended == SQLITE_CANTOPEN_SYMLINK) {
      throw damaged_database(database, "it is a symbolic link");
    }
    throw cannot_reach(database, what);
  case SQLITE_IOERR:
    if (extended == SQLITE_IOERR_SHMSIZE || extended == SQLITE_IOERR_SHMOPEN || extended == SQLITE_IOERR_SHMMAP) {
      throw no_permission(database, "no space left on the disk");
    }
    throw cannot_reach(database, what);
  case SQLITE_NOMEM:
    throw Error(ErrorCode::failure, "out of memory");
  case SQLITE_CONSTRAINT:
    throw Error(ErrorCode::conflict, "the database refuses the change: " + what);
  default:
    // The statements are fixed and tested: what fails with SQLITE_ERROR or the like fails because of the file.
    throw damaged_database(database, what);
  }
}

}  // namespace lumi::store
