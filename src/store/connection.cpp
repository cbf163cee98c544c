#include "store/connection.hpp"

#include "base/interrupt.hpp"
#include "base/text.hpp"
#include "store/database_error.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>

#include <unistd.h>

namespace lumi::store {

namespace {

constexpr std::int64_t k_busy_timeout_ms = 30'000;

std::int64_t monotonic_ms() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
}

thread_local std::int64_t last_busy_ms = 0;

void pause_us(std::int64_t microseconds) {
  const timespec pause{0, microseconds * 1000};
  nanosleep(&pause, nullptr);
}

/// Waits with jitter, so that processes which collided do not collide again; SQLite's own handler waits in fixed steps.
int wait_while_busy(void* /*unused*/, int attempt) {
  thread_local std::int64_t deadline_ms = 0;
  if (attempt == 0) {
    deadline_ms = monotonic_ms() + k_busy_timeout_ms;
  }
  if (pending_interrupt() != 0 || monotonic_ms() >= deadline_ms) {
    return 0;
  }
  std::uint32_t random = 0;
  sqlite3_randomness(sizeof random, &random);
  const std::uint32_t longest_us = 1000U << std::min(attempt, 5);
  pause_us(500 + random % longest_us);
  last_busy_ms = monotonic_ms();
  return 1;
}

void configure(SQLite::Database& connection) {
  sqlite3* handle = connection.getHandle();
  sqlite3_busy_handler(handle, wait_while_busy, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, nullptr);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, 64 * 1024 * 1024);
  connection.exec("PRAGMA cell_size_check = ON");
}

std::unique_ptr<SQLite::Database> open_file(const std::string& name, int flags) {
  auto connection = std::make_unique<SQLite::Database>(name, flags | SQLite::OPEN_NOMUTEX);
  configure(*connection);
  return connection;
}

bool has_content(const std::filesystem::path& path) {
  std::error_code ignored;
  const auto size = std::filesystem::file_size(path, ignored);
  return !ignored && size > 0;
}

std::filesystem::path beside(const std::filesystem::path& database, const char* suffix) {
  auto path = database;
  path += suffix;
  return path;
}

/// Looks at the file through SQLite's own descriptor: closing another one would drop this process's locks, and asking
/// SQLite would replay a journal that may belong to another database.
void check_header(SQLite::Database& connection, const std::filesystem::path& path) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(connection.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  sqlite3_int64 size = 0;
  if (file == nullptr || file->pMethods == nullptr || file->pMethods->xFileSize(file, &size) != SQLITE_OK) {
    throw damaged_database(path, "its size cannot be read");
  }
  if (size == 0) {
    throw damaged_database(path, "the file is empty");
  }
  std::array<char, 100> header{};
  file->pMethods->xRead(file, header.data(), header.size(), 0);  // a short file reads as zeros
  const auto byte = [&](std::size_t at) { return static_cast<std::uint32_t>(static_cast<unsigned char>(header[at])); };
  if (std::string_view(header.data(), 16) != std::string_view("SQLite format 3\0", 16)) {
    throw damaged_database(path, "it is not an SQLite database");
  }
  if (((byte(68) << 24) | (byte(69) << 16) | (byte(70) << 8) | byte(71)) != k_application_id) {
    throw damaged_database(path, "it is not a database of lumi");
  }
  if (byte(18) > 2 || byte(19) > 2) {
    throw damaged_database(path, "its file format is unknown");
  }
  // lumi's database is born in WAL mode: a rollback journal beside it is not its own, and replaying it would ruin it.
  if (byte(18) == 2 && has_content(beside(path, "-journal"))) {
    throw damaged_database(path, "a journal that is not its own lies beside it");
  }
}

/// `path` as an SQLite URI.
std::string to_uri(const std::filesystem::path& path, const char* parameters) {
  std::string uri = "file:";
  for (const char c : path.string()) {
    if (c == '%' || c == '?' || c == '#') {
      std::array<char, 4> code{};
      std::snprintf(code.data(), code.size(), "%%%02x", static_cast<unsigned>(c));
      uri += code.data();
    } else {
      uri += c;
    }
  }
  return uri + parameters;
}

/// Reading with a full disk: an exclusive connection keeps the index of the WAL in memory instead of a file.
std::unique_ptr<SQLite::Database> open_exclusively(const std::filesystem::path& path) {
  auto connection = open_file(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOFOLLOW);
  connection->exec("PRAGMA locking_mode = EXCLUSIVE");
  connection->exec("PRAGMA query_only = ON");
  return connection;
}

/// Reading where nothing can be created: nobody else can write there either, so the file does not change.
std::unique_ptr<SQLite::Database> open_immutable(const std::filesystem::path& path) {
  return open_file(to_uri(path, "?immutable=1"), SQLite::OPEN_READONLY | SQLite::OPEN_URI | SQLite::OPEN_NOFOLLOW);
}

std::unique_ptr<SQLite::Database> open_despite(const SQLite::Exception& reason, const std::filesystem::path& path) {
  const int extended = reason.getExtendedErrorCode();
  if (extended == SQLITE_IOERR_SHMSIZE || extended == SQLITE_IOERR_SHMMAP || extended == SQLITE_FULL ||
      extended == SQLITE_READONLY_ROLLBACK) {
    return open_exclusively(path);
  }
  const int basic = extended & 0xFF;
  if (basic != SQLITE_CANTOPEN && basic != SQLITE_READONLY && extended != SQLITE_IOERR_SHMOPEN) {
    throw_database_error(reason, path);
  }
  if (::access(path.c_str(), R_OK) != 0) {
    throw system_error(EACCES, "cannot read " + quote(path.string()));
  }
  if (has_content(beside(path, "-wal"))) {
    throw Error(ErrorCode::permission,
                "cannot read " + quote(path.string()) +
                    ": its last changes are in a -wal file, which needs a writable folder",
                "copy the whole folder to a writable place and read it there with --home");
  }
  return open_immutable(path);
}

std::unique_ptr<SQLite::Database> open_for_reading(const std::filesystem::path& path) {
  try {
    auto connection = open_file(path.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOFOLLOW);
    check_header(*connection, path);
    read_schema_version(*connection);
    return connection;
  } catch (const SQLite::Exception& exception) {
    auto connection = open_despite(exception, path);
    check_header(*connection, path);
    read_schema_version(*connection);
    return connection;
  }
}

std::unique_ptr<SQLite::Database> open_for_writing(const std::filesystem::path& path) {
  auto connection = open_file(path.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOFOLLOW);
  check_header(*connection, path);
  if (sqlite3_db_readonly(connection->getHandle(), "main") == 1) {
    throw Error(ErrorCode::permission, "cannot write " + quote(path.string()) + ": it is read-only");
  }
  connection->exec("PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 4194304");
  return connection;
}

/// OPEN_NOFOLLOW refuses a symbolic link in any part of the path; only the database itself must not be one.
std::filesystem::path real_path(const std::filesystem::path& path) {
  std::error_code error;
  const auto folder = std::filesystem::canonical(path.parent_path(), error);
  return error ? path : folder / path.filename();
}

}  // namespace

std::unique_ptr<SQLite::Database> open_connection(const std::filesystem::path& path, Access access) {
  try {
    const auto real = real_path(path);
    return access == Access::read ? open_for_reading(real) : open_for_writing(real);
  } catch (const SQLite::Exception& exception) {
    throw_database_error(exception, path);
  }
}

std::unique_ptr<SQLite::Database> open_alone(const std::filesystem::path& path) {
  try {
    auto connection = open_for_writing(real_path(path));
    connection->exec("PRAGMA locking_mode = EXCLUSIVE");
    return connection;
  } catch (const SQLite::Exception& exception) {
    throw_database_error(exception, path);
  }
}

int read_schema_version(SQLite::Database& connection) {
  SQLite::Statement statement(connection, "PRAGMA user_version");
  return statement.executeStep() ? statement.getColumn(0).getInt() : 0;
}

void give_way_to_other_writers() {
  constexpr std::int64_t k_lately_ms = 1000;
  if (last_busy_ms != 0 && monotonic_ms() - last_busy_ms < k_lately_ms) {
    pause_us(1000);
  }
}

}  // namespace lumi::store
