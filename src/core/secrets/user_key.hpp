#pragma once
#include "core/secrets/stretching.hpp"

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace lumi::secrets {

/// The key that protects the secrets of a user, and where it comes from.
struct UserKey {
  std::string bytes;                          ///< 32 of them
  std::string origin;                         ///< for people: the file, the variable or the command
  std::filesystem::path file;                 ///< empty: it is in no file that lumi could replace
  std::optional<Stretching> stretching = {};  ///< of a key that a passphrase gave
};

/// Finds the key: LUMI_SECRET_KEY_FILE, LUMI_SECRET_KEY_COMMAND, LUMI_SECRET_KEY, else the file lumi.key in the folder
/// of the configuration. Files, output and variable hold 32 bytes in Base64, as Lumigator's key does.
class UserKeys {
public:
  /// `folder` is that of the configuration file.
  explicit UserKeys(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// The key; nothing if none was ever made. Throws `credentials` for one that is no key, or whose file others may
  /// read.
  std::optional<UserKey> find() const;

  /// The key; a new one in lumi.key if there is none.
  UserKey get_or_create() const;

  /// A fresh key that takes the place of the one in `file` once `commit` is called; until then it stands beside it, so
  /// that neither is lost whenever the process ends.
  class Replacement {
  public:
    explicit Replacement(std::filesystem::path file);
    const UserKey& key() const { return key_; }
    void commit();

  private:
    UserKey key_;
    std::filesystem::path file_;
  };

  /// The key of a replacement that was not committed, for finishing it.
  static std::optional<UserKey> find_uncommitted(const UserKey& key);

  /// Puts it in its place.
  static void commit(const UserKey& uncommitted, const UserKey& old);

  /// The key in `file`. Throws as `find`, and `not_found`.
  static UserKey read(const std::filesystem::path& file);

  /// The key that `text` is; `origin` is where it comes from. Throws `credentials` for what is no key.
  static UserKey parse(std::string text, std::string origin);

private:
  std::filesystem::path folder_;
};

}  // namespace lumi::secrets
