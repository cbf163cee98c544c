#pragma once
#include "core/secrets/user_key.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>

namespace lumi::secrets {

/// The user's passphrase: what LUMI_SECRET_PASSPHRASE_COMMAND prints, LUMI_SECRET_PASSPHRASE, else what a person types.
/// It is found and stretched once, however often it is needed.
class Passphrase {
public:
  /// Asks a person, who is told what for; nothing where nobody can be asked.
  using Ask = std::function<std::optional<std::string>(const std::string& question)>;

  explicit Passphrase(Ask ask) : ask_(std::move(ask)) {}

  /// Whether it can be had without asking anybody.
  static bool is_in_environment();

  /// The key that it gives. Throws `credentials` if there is no passphrase.
  UserKey key(const Stretching& how);

  /// Makes this the passphrase. Throws `invalid_input` for one of less than eight characters.
  void replace(std::string text);

private:
  void find();

  Ask ask_;
  std::optional<std::string> text_;
  std::string origin_;
  std::optional<UserKey> key_;  ///< of the last call
};

}  // namespace lumi::secrets
