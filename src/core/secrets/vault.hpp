#pragma once
#include "core/secrets/user_key.hpp"
#include "store/records/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace lumi::secrets {

/// The key that values are sealed with, itself kept sealed with the user's key.
struct DataKey {
  std::string id;     ///< 16 hex digits
  std::string bytes;  ///< 32 of them

  /// A new one.
  static DataKey make();
};

/// The row that keeps `key` under the user's key.
store::DataKeyRecord seal_data_key(const DataKey& key, const UserKey& user, Timestamp now);

/// How the passphrase that `record` was sealed with became a key; nothing if it was sealed with no passphrase. Throws
/// `storage` for a damaged row.
std::optional<Stretching> stretching_of(const store::DataKeyRecord& record);

/// Whether `record` was sealed with the user's key.
bool is_sealed_with(const store::DataKeyRecord& record, const UserKey& user);

/// The key in the row. Throws `credentials` if the user's key does not fit, `storage` if the row is damaged.
DataKey open_data_key(const store::DataKeyRecord& record, const UserKey& user);

/// Seals `value` into `record`, whose name and hosts are bound to it.
void seal_value(store::SecretRecord& record, std::string_view value, const DataKey& key);

/// The value in the row. Throws `storage` if the row, its name or its hosts are not those that were sealed.
std::string open_value(const store::SecretRecord& record, const DataKey& key);

}  // namespace lumi::secrets
