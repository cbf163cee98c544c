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

  /// The database for reading; null if there is none. Good until `get` is called.
  Database* find();

  /// The database for writing, which `find` gives too from now on; created if there is none.
  Database& get();

private:
  Home home_;
  std::unique_ptr<Database> writer_;
  std::unique_ptr<Database> reader_;
};

}  // namespace lumi::store
