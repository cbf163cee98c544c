#pragma once
#include "base/clock.hpp"
#include "store/database.hpp"

#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <optional>
#include <string>

namespace lumi::store {

/// One statement: values are bound in the order of its `?`s, columns are read in theirs. Throws what Database throws;
/// a value that cannot have been written by lumi is `storage`. For src/store only.
class Query {
public:
  Query(Database& database, const std::string& sql);

  Query& bind(const std::string& text);
  Query& bind(const char* text) { return bind(std::string(text)); }
  Query& bind(std::int64_t number);
  Query& bind(std::uint64_t number);
  Query& bind(Timestamp time) { return bind(time.microseconds); }
  Query& bind_flag(bool flag) { return bind(std::int64_t{flag ? 1 : 0}); }

  /// NULL where there is no value.
  template <class Value>
  Query& bind(const std::optional<Value>& value) {
    return value ? bind(*value) : bind_null();
  }

  /// Goes to the next row; false if there is none.
  bool next();

  /// Runs a statement that has no rows and returns how many it changed.
  int run();

  /// Makes it ready to be run once more, with values to be bound anew.
  void reset();

  /// The next column of the row.
  std::string text();
  std::int64_t integer();
  double real();
  std::uint64_t count();
  bool flag() { return integer() != 0; }
  Timestamp time() { return {integer()}; }
  std::optional<std::string> maybe_text();
  std::optional<std::int64_t> maybe_integer();
  std::optional<double> maybe_real();
  std::optional<Timestamp> maybe_time();

  /// What is read next is this column.
  void go_to(int column) { column_ = column; }

private:
  Query& bind_null();
  bool skip_null();

  Database& database_;
  std::optional<SQLite::Statement> statement_;
  int bound_ = 0;
  int column_ = 0;
};

}  // namespace lumi::store
