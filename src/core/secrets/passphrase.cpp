#include "core/secrets/passphrase.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "base/process.hpp"
#include "base/seal.hpp"
#include "base/text.hpp"

#include <utility>

namespace lumi::secrets {

namespace {

constexpr std::size_t k_shortest_passphrase = 8;

constexpr const char* k_variable = "LUMI_SECRET_PASSPHRASE";
constexpr const char* k_command_variable = "LUMI_SECRET_PASSPHRASE_COMMAND";

// A line end is that of an editor, echo or a password manager.
std::string without_line_end(std::string text) {
  while (text.ends_with('\n') || text.ends_with('\r')) {
    text.pop_back();
  }
  return text;
}

}  // namespace

bool Passphrase::is_in_environment() { return environment(k_command_variable) || secret_environment(k_variable); }

void Passphrase::find() {
  if (const auto command = environment(k_command_variable)) {
    text_ = without_line_end(output_of_command(*command));
    origin_ = k_command_variable;
  } else if (auto text = secret_environment(k_variable)) {
    text_ = std::move(text);
    origin_ = k_variable;
  } else if (auto typed = ask_("Passphrase of the secrets")) {
    text_ = std::move(typed);
    origin_ = "a typed passphrase";
  }
  if (!text_ || text_->empty()) {
    throw Error(ErrorCode::credentials,
                "the secrets are protected by a passphrase, and there is none",
                "set LUMI_SECRET_PASSPHRASE_COMMAND or LUMI_SECRET_PASSPHRASE where nobody can type it");
  }
  protect_memory();
  redact_in_log(*text_);
}

UserKey Passphrase::key(const Stretching& how) {
  if (!text_) {
    find();
  }
  if (!key_ || key_->stretching->encode() != how.encode()) {
    key_ = UserKey{scrypt(*text_, how.salt, how.cost), origin_, {}, how};
  }
  return *key_;
}

void Passphrase::replace(std::string text) {
  text = without_line_end(std::move(text));
  if (count_code_points(text) < k_shortest_passphrase) {
    wipe(text);
    throw Error(ErrorCode::invalid_input, "a passphrase has at least 8 characters", "several words are good ones");
  }
  protect_memory();
  redact_in_log(text);
  text_ = std::move(text);
  origin_ = "the new passphrase";
  key_.reset();
}

}  // namespace lumi::secrets
