#pragma once
#include "store/database.hpp"
#include "store/records/listing.hpp"
#include "store/records/secret.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::store {

/// The tables `secrets` and `data_keys`.
class SecretRepository {
public:
  /// Works on `database`, which must outlive it.
  explicit SecretRepository(Database& database) : database_(database) {}

  std::optional<SecretRecord> find(const std::string& name);

  /// Adds a row, or replaces all but the time of creation of the one with this name.
  void put(const SecretRecord& record);

  Listing<SecretRecord> list(const Page& page);

  /// Removes the row; false if there was none.
  bool remove(const std::string& name);

  /// The newest data key, which new values are sealed with.
  std::optional<DataKeyRecord> find_data_key();

  /// The only data key from now on.
  void replace_data_keys(const DataKeyRecord& record);

private:
  Database& database_;
};

}  // namespace lumi::store
