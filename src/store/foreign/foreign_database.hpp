#pragma once
#include "base/clock.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace SQLite {
class Database;
}

namespace lumi::store {

/// A row of a foreign table: its values as texts (well-formed UTF-8); nothing for NULL.
using ForeignRow = std::vector<std::optional<std::string>>;

/// An SQLite file of another program, for reading: neither the file nor its folder is ever changed.
class ForeignDatabase {
public:
  /// Opens the file, or a private copy where reading it in place would need files beside it. Throws `not_found` if it
  /// is not there, `invalid_input` for what is no SQLite database, else system_error.
  explicit ForeignDatabase(const std::filesystem::path& path);
  ~ForeignDatabase();
  ForeignDatabase(const ForeignDatabase&) = delete;
  ForeignDatabase& operator=(const ForeignDatabase&) = delete;

  /// Throws `invalid_input` that this is no database of `program` unless it has all the tables.
  void need_tables(const std::vector<std::string>& tables, std::string_view program);

  /// Calls `visit` with every row of the table, sorted by `order` (columns). A column, or a table, that this version of
  /// the program does not have is NULL, or empty. Throws `invalid_input` if the file is damaged.
  void visit(const std::string& table,
             const std::vector<std::string>& columns,
             const std::vector<std::string>& order,
             const std::function<void(const ForeignRow&)>& visit);

private:
  bool has_table(const std::string& table);
  std::vector<std::string> columns_of(const std::string& table);

  std::filesystem::path path_;
  std::filesystem::path copy_;  ///< the folder of the private copy; empty without one
  std::unique_ptr<SQLite::Database> connection_;
};

/// The moment that "2025-06-01 08:56:00[.ffffff][+00:00]" names, in UTC unless it says otherwise; nothing if it is
/// none.
std::optional<Timestamp> parse_foreign_time(const std::optional<std::string>& text);

}  // namespace lumi::store
