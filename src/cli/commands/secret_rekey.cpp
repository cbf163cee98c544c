#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/services/secret.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct SecretRekeyOptions {
  std::optional<std::string> new_key_file;
};

constexpr std::array<Field<std::int64_t>, 1> k_rekey_fields{
    {{"rekeyed", "REKEYED", Show::column, [](const std::int64_t& count) { return Value(count); }}}};

void bind(OptionSet& set, SecretRekeyOptions& options) {
  set.option("--new-key-file", "FILE", options.new_key_file, "Take the key in this file instead of a fresh one")
      .completes(Completes::file);
}

ExitCode run(const SecretRekeyOptions& options, Context& context) {
  std::optional<std::filesystem::path> file;
  if (options.new_key_file) {
    file = *options.new_key_file;
  }
  const auto count = static_cast<std::int64_t>(context.secrets().rekey(file));
  show_item(context.streams(), context.view(), grid_of(k_rekey_fields, std::vector{count}));
  if (file) {
    context.streams().message("from now on LUMI_SECRET_KEY_FILE=" + file->string() + " is needed");
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
           "interruption loses neither key. Prints how many secrets there are.",
       .examples = {{"a fresh key", "lumi secret rekey"},
                    {"a key of your own", "lumi secret rekey --new-key-file ~/keys/lumi.key"}},
       .json_fields = names_of(k_rekey_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
