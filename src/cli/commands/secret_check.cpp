#include "base/seal.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/services/secret.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct SecretCheckOptions {
  std::string name;
};

/// A secret that could be opened.
struct CheckedSecret {
  store::SecretRecord record;
  std::string key_origin;
};

constexpr std::array<Field<CheckedSecret>, 5> k_check_fields{{
    {"name", "NAME", Show::column, [](const CheckedSecret& checked) { return Value(checked.record.name); }},
    {"description",
     "DESCRIPTION",
     Show::column,
     [](const CheckedSecret& checked) { return Value(checked.record.description); }},
    {"hosts",
     "HOSTS",
     Show::column,
     [](const CheckedSecret& checked) { return Value(Json{checked.record.hosts_json}); }},
    {"ok", "OK", Show::column, [](const CheckedSecret& /*checked*/) { return Value(true); }},
    {"key", "KEY", Show::column, [](const CheckedSecret& checked) { return Value(checked.key_origin); }},
}};

void bind(OptionSet& set, SecretCheckOptions& options) {
  set.positional("NAME", options.name, "The secret, in any case").completes(Completes::secret);
}

ExitCode run(const SecretCheckOptions& options, Context& context) {
  const auto record = context.secrets().get(options.name);
  if (auto secret = context.secrets().find(options.name)) {
    wipe(secret->value);
  }
  const std::vector shown{CheckedSecret{record, context.secrets().key_origin()}};
  show_item(context.streams(), context.view(), grid_of(k_check_fields, shown));
  return ExitCode::done;
}

}  // namespace

Command secret_check_command() {
  return command<SecretCheckOptions>(
      {.path = "secret check",
       .summary = "See whether a secret can be decrypted",
       .description =
           "Exits with 4 if the key of the secrets is missing or another one, with 5 if there is no such secret, "
           "with 12 if it was changed. It shows the value to nobody; 'lumi model check' sends it.",
       .examples = {{"one", "lumi secret check openai_api_key"}},
       .json_fields = names_of(k_check_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
