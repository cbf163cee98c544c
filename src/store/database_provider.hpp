#pragma once
#include "store/database.hpp"
#include "store/home.hpp"

#include <memory>

namespace lumi::store {

/// Opens the database of a home when it is first needed, so that commands which read create nothing and commands that
/// need no database open none.
class DatabaseProvider {
public:
  explicit DatabaseProvider(Home home) : home_(std::move(home)) {}

  const Home& home() const { return home_; }

  /// The database for reading; null if there is none.
  Database* find();

  /// The database for writing; created if there is none.
  Database& get();

private:
  Home home_;
  std::unique_ptr<Database> writer_;
  std::unique_ptr<Database> reader_;  // goes before the writer, which tidies up as the last one
};

}  // namespace lumi::store
