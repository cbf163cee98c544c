#pragma once
#include "store/sql/table.hpp"

#include <exception>
#include <memory>

struct sqlite3;

namespace lumi::store::sql {

/// What a table threw while SQLite, which knows no exceptions, was reading it.
struct Failure {
  std::exception_ptr exception;
};

/// Makes `table` known to a connection under its name. `failure` must outlive the connection; what the table throws is
/// put there, and SQLite told that it failed.
void add_table(sqlite3* connection, std::shared_ptr<Table> table, Failure& failure);

}  // namespace lumi::store::sql
