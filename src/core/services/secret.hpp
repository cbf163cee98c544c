#pragma once
#include "base/clock.hpp"
#include "core/chat/api_key.hpp"
#include "core/secrets/passphrase.hpp"
#include "core/secrets/user_key.hpp"
#include "core/secrets/vault.hpp"
#include "store/database_provider.hpp"
#include "store/records/listing.hpp"
#include "store/records/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// A secret that is to be kept. What has no value stays as it was, or is empty.
struct SecretInput {
  std::string name;  ///< any case
  std::string value;
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> hosts;  ///< "H" or "H:PORT" each
  std::optional<Timestamp> created_at = {};       ///< of one that another store had
};

/// What the secrets are to be protected with from now on: with neither, with a fresh key in the place of the present
/// one.
struct NewProtection {
  std::optional<std::filesystem::path> key_file;  ///< the key in this file
  std::optional<std::string> passphrase;          ///< what this gives; not together with `key_file`
};

/// What became of it.
struct KeptSecret {
  store::SecretRecord record;
  bool created = false;  ///< else it was there before
};

/// Secrets: keys of models, kept encrypted. Values come out only to be sent.
class SecretService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    const Clock& clock;
    secrets::UserKeys keys;
    secrets::Passphrase& passphrase;
  };

  explicit SecretService(Dependencies dependencies) : with_(std::move(dependencies)) {}

  store::Listing<store::SecretRecord> list(const store::Page& page);

  /// Keeps the value under the name in lower case. Throws `invalid_input` for a name or value of a wrong length, or
  /// with control characters, and `credentials` if the user's key does not fit.
  KeptSecret set(const SecretInput& input);

  /// Throws as `set` would, and keeps nothing.
  void check(const SecretInput& input);

  /// Removes the secret; false if there was none.
  bool remove(std::string_view name);

  /// Whether there is a secret of this name, without opening it.
  bool has(std::string_view name);

  /// The row. Throws `not_found`.
  store::SecretRecord get(std::string_view name);

  /// The secret, opened; the log shows it nowhere from now on. Nothing if there is none. Throws as `set`, and `storage`
  /// for a row that was changed.
  std::optional<chat::StoredSecret> find(std::string_view name);

  /// Where the user's key comes from; empty if there is none. Throws as `set`.
  std::string key_origin();

  /// Seals all secrets with new keys, the user's being what `next` says. Throws `usage` if the present one is to be
  /// replaced and is in no file, `not_found` if there is none, unless a passphrase is given: then what is kept later is
  /// protected by it. Returns how many secrets there are.
  std::size_t rekey(const NewProtection& next);

private:
  std::optional<secrets::DataKey> find_data_key();
  secrets::DataKey get_data_key();
  secrets::UserKey user_key_of(const store::DataKeyRecord& record);
  secrets::UserKey new_user_key();
  std::size_t seal_anew(const secrets::UserKey* old, const secrets::UserKey& next);

  Dependencies with_;
};

}  // namespace lumi::services
