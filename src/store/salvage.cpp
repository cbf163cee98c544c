#include "store/salvage.hpp"

#include "base/file.hpp"
#include "base/ids.hpp"
#include "store/page_scan.hpp"
#include "store/query.hpp"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace lumi::store {

namespace {

namespace fs = std::filesystem;

using Row = std::vector<StoredValue>;

const std::string* text_at(const Row& row, std::size_t at) {
  return at < row.size() ? std::get_if<std::string>(&row[at]) : nullptr;
}

bool is_text(const Row& row, std::size_t at) { return text_at(row, at) != nullptr; }
bool is_number(const Row& row, std::size_t at) {
  return at < row.size() && std::holds_alternative<std::int64_t>(row[at]);
}

bool is_uuid(const Row& row) {
  const auto* id = text_at(row, 0);
  return id != nullptr && normalize_uuid(*id) == *id;
}

bool is_hex_id(const Row& row) {
  const auto* id = text_at(row, 0);
  return id != nullptr && id->size() == 32 && id->find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// A table whose rows can be told from all others by their shape. Later columns are added behind these.
struct Shape {
  const char* table;
  std::uint64_t SalvagedRows::*count;
  bool (*fits)(const Row& row);
};

constexpr std::array<Shape, 4> k_shapes{{
    {"experiments",
     &SalvagedRows::experiments,
     [](const Row& row) { return row.size() >= 7 && is_hex_id(row) && is_text(row, 4) && is_number(row, 5); }},
    {"workflows",
     &SalvagedRows::workflows,
     [](const Row& row) { return row.size() >= 13 && is_hex_id(row) && is_text(row, 6) && is_number(row, 7); }},
    {"datasets",
     &SalvagedRows::datasets,
     [](const Row& row) { return row.size() >= 16 && is_uuid(row) && is_number(row, 3) && is_text(row, 4); }},
    {"jobs",
     &SalvagedRows::jobs,
     [](const Row& row) { return row.size() >= 22 && is_uuid(row) && is_text(row, 3) && is_text(row, 4); }},
}};

std::vector<std::string> columns_of(Database& database, const char* table) {
  Query query(database, "SELECT name FROM pragma_table_info(?) ORDER BY cid");
  query.bind(table);
  std::vector<std::string> names;
  while (query.next()) {
    names.push_back(query.text());
  }
  return names;
}

/// Inserts rows of one table; the first of an id stays.
class Inserter {
public:
  Inserter(Database& database, const Shape& shape)
      : database_(database), shape_(shape), columns_(columns_of(database, shape.table)) {}

  bool fits(const Row& row) const { return row.size() <= columns_.size() && shape_.fits(row); }

  void insert(const Row& row, SalvagedRows& counts) {
    Query query(database_, statement(row.size()));
    for (const auto& value : row) {
      bind(query, value);
    }
    try {
      counts.*shape_.count += static_cast<std::uint64_t>(query.run());
    } catch (const Error&) {
      ++counts.refused;
    }
  }

private:
  std::string statement(std::size_t size) const {
    std::string names;
    std::string places;
    for (std::size_t i = 0; i < size; ++i) {
      names += (i == 0 ? "" : ", ") + columns_[i];
      places += i == 0 ? "?" : ", ?";
    }
    return "INSERT INTO " + std::string(shape_.table) + " (" + names + ") VALUES (" + places +
           ") ON CONFLICT (id) DO NOTHING";
  }

  static void bind(Query& query, const StoredValue& value) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      query.bind(*number);
    } else if (const auto* text = std::get_if<std::string>(&value)) {
      query.bind(*text);
    } else {
      query.bind(std::optional<std::string>());
    }
  }

  Database& database_;
  const Shape& shape_;
  std::vector<std::string> columns_;
};

void drop_lost_references(Database& database, SalvagedRows& counts) {
  const int lost =
      Query(database, "DELETE FROM workflows WHERE experiment_id NOT IN (SELECT id FROM experiments)").run();
  counts.workflows -= static_cast<std::uint64_t>(lost);
  counts.refused += static_cast<std::uint64_t>(lost);
  Query(database,
        "UPDATE jobs SET workflow_id = NULL WHERE workflow_id IS NOT NULL AND workflow_id NOT IN (SELECT id FROM "
        "workflows)")
      .run();
  Query(database,
        "UPDATE jobs SET experiment_id = NULL WHERE experiment_id IS NOT NULL AND experiment_id NOT IN (SELECT id FROM "
        "experiments)")
      .run();
}

}  // namespace

SalvagedRows salvage_rows(const fs::path& damaged, Database& target) {
  const MappedFile file(damaged);
  const fs::path wal_path = damaged.string() + "-wal";
  std::error_code ignored;
  std::optional<MappedFile> wal;
  if (fs::exists(wal_path, ignored)) {
    wal.emplace(wal_path);
  }
  const PageScan scan(file.bytes(), wal ? wal->bytes() : std::string_view());
  std::vector<Inserter> inserters;
  for (const auto& shape : k_shapes) {
    inserters.emplace_back(target, shape);
  }
  // Rows come in the order of the pages, not of their references.
  sqlite3_db_config(target.connection().getHandle(), SQLITE_DBCONFIG_ENABLE_FKEY, 0, nullptr);
  SalvagedRows counts;
  target.transaction([&] {
    counts = {};
    scan.visit_rows([&](const Row& row) {
      for (auto& inserter : inserters) {
        if (inserter.fits(row)) {
          inserter.insert(row, counts);
          return;
        }
      }
    });
    drop_lost_references(target, counts);
  });
  sqlite3_db_config(target.connection().getHandle(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  return counts;
}

}  // namespace lumi::store
