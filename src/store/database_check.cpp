#include "store/database_check.hpp"

#include "store/query.hpp"

#include <sqlite3.h>

namespace lumi::store {

namespace {

bool is_about_index(const std::string& line) {
  return line.find("missing from index") != std::string::npos ||
         line.find("wrong # of entries in index") != std::string::npos ||
         line.find("non-unique entry in index") != std::string::npos;
}

void check_integrity(Database& database, DatabaseProblems& problems) {
  try {
    Query query(database, "PRAGMA integrity_check(100)");
    while (query.next()) {
      const auto line = query.text();
      if (line != "ok") {
        (is_about_index(line) ? problems.indexes : problems.structure).push_back(line);
      }
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::storage) {
      throw;
    }
    problems.structure.emplace_back(error.what());
  }
}

void check_references(Database& database, DatabaseProblems& problems) {
  try {
    Query query(database, "PRAGMA foreign_key_check");
    while (query.next() && problems.references.size() < 100) {
      const auto table = query.text();
      const auto row = query.maybe_integer();
      problems.references.push_back("row " + std::to_string(row.value_or(0)) + " of " + table + " refers to a row of " +
                                    query.text() + " that is not there");
    }
  } catch (const Error& error) {
    if (error.code() != ErrorCode::storage) {
      throw;
    }
    problems.structure.emplace_back(error.what());
  }
}

}  // namespace

DatabaseProblems check_database(Database& database) {
  DatabaseProblems problems;
  check_integrity(database, problems);
  check_references(database, problems);
  return problems;
}

void rebuild_indexes(Database& database) { Query(database, "REINDEX").run(); }

std::string journal_mode(Database& database) {
  Query query(database, "PRAGMA journal_mode");
  query.next();
  return query.text();
}

std::int64_t schema_version(Database& database) {
  Query query(database, "PRAGMA user_version");
  query.next();
  return query.integer();
}

std::string sqlite_version() { return sqlite3_libversion(); }

}  // namespace lumi::store
