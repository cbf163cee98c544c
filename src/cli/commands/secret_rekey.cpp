#include "base/byte_stream.hpp"
#include "base/error.hpp"
#include "base/seal.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/services/secret.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct SecretRekeyOptions {
  std::optional<std::string> new_key_file;
  bool new_passphrase = false;
};

constexpr std::array<Field<std::int64_t>, 1> k_rekey_fields{
    {{"rekeyed", "REKEYED", Show::column, [](const std::int64_t& count) { return Value(count); }}}};

void bind(OptionSet& set, SecretRekeyOptions& options) {
  set.option("--new-key-file", "FILE", options.new_key_file, "Take the key in this file instead of a fresh one")
      .completes(Completes::file);
  set.flag("--new-passphrase",
           options.new_passphrase,
           "Protect them with a passphrase instead, which is typed or comes from standard input");
}

std::string typed_twice_or_piped(Context& context) {
  if (context.streams().in_terminal() == Terminal::no) {
    return read_all(*context.streams().open_input());
  }
  auto typed = context.ask_secret("New passphrase").value_or("");
  auto again = context.ask_secret("The same again").value_or("");
  const bool is_same = typed == again;
  wipe(again);
  if (!is_same) {
    wipe(typed);
    throw Error(ErrorCode::invalid_input, "the two are not the same", "nothing was changed; try again");
  }
  return typed;
}

services::NewProtection protection(const SecretRekeyOptions& options, Context& context) {
  services::NewProtection next;
  if (options.new_key_file && options.new_passphrase) {
    throw Error(ErrorCode::usage, "--new-key-file and --new-passphrase are both given", "give one of them");
  }
  if (options.new_key_file) {
    next.key_file = *options.new_key_file;
  }
  if (options.new_passphrase) {
    next.passphrase = typed_twice_or_piped(context);
  }
  return next;
}

void say_what_is_needed(const services::NewProtection& next, Context& context) {
  if (next.key_file) {
    context.streams().message("from now on LUMI_SECRET_KEY_FILE=" + next.key_file->string() + " is needed");
  } else if (next.passphrase) {
    context.streams().message("from now on the passphrase is needed: typed, or from LUMI_SECRET_PASSPHRASE_COMMAND or "
                              "LUMI_SECRET_PASSPHRASE; the key of before opens nothing any more");
  }
}

ExitCode run(const SecretRekeyOptions& options, Context& context) {
  auto next = protection(options, context);
  const auto count = static_cast<std::int64_t>(context.secrets().rekey(next));
  show_item(context.streams(), context.view(), grid_of(k_rekey_fields, std::vector{count}));
  say_what_is_needed(next, context);
  if (next.passphrase) {
    wipe(*next.passphrase);
  }
  return ExitCode::done;
}

}  // namespace

Command secret_rekey_command() {
  return command<SecretRekeyOptions>(
      {.path = "secret rekey",
       .summary = "Encrypt all secrets with new keys",
       .description =
           "Makes a fresh key in the place of the one in lumi.key, or in the file that LUMI_SECRET_KEY_FILE names, "
           "and encrypts every secret anew: what was copied before tells nothing about what is set later. An "
           "interruption loses neither key. With --new-passphrase a passphrase protects them from then on, in no "
           "file; it is typed when it is needed, or is what LUMI_SECRET_PASSPHRASE_COMMAND prints or "
           "LUMI_SECRET_PASSPHRASE holds. --new-key-file leads back. Prints how many secrets there are.",
       .examples = {{"a fresh key", "lumi secret rekey"},
                    {"a passphrase", "lumi secret rekey --new-passphrase"},
                    {"a key of your own", "lumi secret rekey --new-key-file ~/keys/lumi.key"}},
       .json_fields = names_of(k_rekey_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
