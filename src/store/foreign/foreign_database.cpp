#include "store/foreign/foreign_database.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/text.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace lumi::store {

namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 2> k_beside = {"-wal", "-journal"};
constexpr std::string_view k_magic = "SQLite format 3";

Error not_readable(const fs::path& path, const std::string& why) {
  return {ErrorCode::invalid_input, quote(path.string()) + " cannot be read as an SQLite database: " + why};
}

fs::path with_suffix(const fs::path& path, const char* suffix) { return path.string() + suffix; }

// A log of either kind has to be worked in first, which writes beside the file.
bool has_log(const fs::path& path) {
  std::error_code ignored;
  return std::any_of(k_beside.begin(), k_beside.end(), [&](const char* suffix) {
    return fs::exists(with_suffix(path, suffix), ignored);
  });
}

// Bytes 18 and 19 of the header are 2 where a write-ahead log is used.
bool uses_wal(std::string_view header) { return header.size() > 19 && (header[18] == 2 || header[19] == 2); }

std::string read_header(const fs::path& path) {
  FileSource file(path);
  std::string header(100, '\0');
  header.resize(file.read(header.data(), header.size()));
  return header;
}

fs::path private_copy(const fs::path& path) {
  auto folder = fs::temp_directory_path() / ("lumi-import-" + RandomIds().uuid());
  make_private_folder(folder);
  const auto copy = folder / path.filename();
  std::error_code failure;
  fs::copy_file(path, copy, failure);
  for (const auto* suffix : k_beside) {
    std::error_code ignored;
    if (!failure && fs::exists(with_suffix(path, suffix), ignored)) {
      fs::copy_file(with_suffix(path, suffix), with_suffix(copy, suffix), failure);
    }
  }
  if (failure) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    throw system_error(failure.value(), "cannot copy " + quote(path.string()));
  }
  return folder;
}

std::string quoted(const std::string& name) { return "\"" + name + "\""; }

std::string select(const std::string& table,
                   const std::vector<std::string>& columns,
                   const std::vector<std::string>& order,
                   const std::vector<std::string>& there) {
  const auto is_there = [&](const std::string& column) {
    return std::find(there.begin(), there.end(), column) != there.end();
  };
  std::vector<std::string> wanted;
  for (const auto& column : columns) {
    wanted.push_back(is_there(column) ? quoted(column) : "NULL");
  }
  std::vector<std::string> sorted;
  for (const auto& column : order) {
    if (is_there(column)) {
      sorted.push_back(quoted(column));
    }
  }
  return "SELECT " + join(wanted, ", ") + " FROM " + quoted(table) +
         (sorted.empty() ? "" : " ORDER BY " + join(sorted, ", "));
}

}  // namespace

ForeignDatabase::ForeignDatabase(const fs::path& path) : path_(path) {
  const auto header = read_header(path);
  if (!header.starts_with(k_magic)) {
    throw not_readable(path, header.empty() ? "it is empty" : "it is something else");
  }
  const bool needs_copy = uses_wal(header) || has_log(path);
  copy_ = needs_copy ? private_copy(path) : fs::path();
  try {
    // The copy may be written to: that is how its log is worked in.
    connection_ = std::make_unique<SQLite::Database>((needs_copy ? copy_ / path.filename() : path).string(),
                                                     needs_copy ? SQLite::OPEN_READWRITE : SQLite::OPEN_READONLY,
                                                     10'000);
  } catch (const SQLite::Exception& error) {
    throw not_readable(path, error.what());
  }
}

ForeignDatabase::~ForeignDatabase() {
  connection_.reset();
  if (!copy_.empty()) {
    std::error_code ignored;
    fs::remove_all(copy_, ignored);
  }
}

bool ForeignDatabase::has_table(const std::string& table) {
  try {
    return connection_->tableExists(table);
  } catch (const SQLite::Exception& error) {
    throw not_readable(path_, error.what());
  }
}

std::vector<std::string> ForeignDatabase::columns_of(const std::string& table) {
  SQLite::Statement statement(*connection_, "PRAGMA table_info(" + quoted(table) + ")");
  std::vector<std::string> columns;
  while (statement.executeStep()) {
    columns.push_back(statement.getColumn(1).getString());
  }
  return columns;
}

void ForeignDatabase::need_tables(const std::vector<std::string>& tables, std::string_view program) {
  for (const auto& table : tables) {
    if (!has_table(table)) {
      throw Error(ErrorCode::invalid_input,
                  quote(path_.string()) + " is no database of " + std::string(program) + ": it has no table " +
                      quote(table));
    }
  }
}

void ForeignDatabase::visit(const std::string& table,
                            const std::vector<std::string>& columns,
                            const std::vector<std::string>& order,
                            const std::function<void(const ForeignRow&)>& visit) {
  if (!has_table(table)) {
    return;
  }
  try {
    SQLite::Statement statement(*connection_, select(table, columns, order, columns_of(table)));
    while (statement.executeStep()) {
      ForeignRow row;
      for (int i = 0; i < statement.getColumnCount(); ++i) {
        const auto column = statement.getColumn(i);
        row.push_back(column.isNull() ? std::nullopt : std::optional(to_valid_utf8(column.getString())));
      }
      visit(row);
    }
  } catch (const SQLite::Exception& error) {
    throw not_readable(path_, error.what());
  }
}

std::optional<Timestamp> parse_foreign_time(const std::optional<std::string>& text) {
  constexpr std::size_t k_date_size = 10;
  if (!text || text->size() <= k_date_size) {
    return std::nullopt;
  }
  auto time = *text;
  time[k_date_size] = 'T';
  const bool has_zone = time.ends_with('Z') || time.find_first_of("+-", k_date_size) != std::string::npos;
  return parse_rfc3339(has_zone ? time : time + "Z");
}

}  // namespace lumi::store
