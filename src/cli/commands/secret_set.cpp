#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/seal.hpp"
#include "base/text.hpp"
#include "cli/commands/commands.hpp"
#include "cli/context.hpp"
#include "core/services/secret.hpp"

#include <array>

namespace lumi::cli {

namespace {

using services::KeptSecret;

struct SecretSetOptions {
  std::string name;
  std::vector<std::string> rest;
  std::optional<std::string> description;
  std::vector<std::string> hosts;
  std::optional<std::string> from_env;
  std::optional<std::string> from_file;
};

constexpr std::array<Field<KeptSecret>, 3> k_set_fields{{
    {"name", "NAME", Show::column, [](const KeptSecret& kept) { return Value(kept.record.name); }},
    {"description", "DESCRIPTION", Show::column, [](const KeptSecret& kept) { return Value(kept.record.description); }},
    {"created", "NEW", Show::column, [](const KeptSecret& kept) { return Value(kept.created); }},
}};

void bind(OptionSet& set, SecretSetOptions& options) {
  set.positional("NAME", options.name, "What it is called, such as openai_api_key; any case")
      .completes(Completes::secret);
  // Only to say what is wrong without repeating it.
  set.positional("VALUE", options.rest, "Never given here").hidden();
  set.option("--description", "TEXT", options.description, "What it is for");
  set.list("--host", "HOST", options.hosts, "Where it may be sent, as HOST or HOST:PORT")
      .shows_default("the provider's own hosts");
  set.option("--from-env", "VARIABLE", options.from_env, "Take the value of this variable");
  set.option("--from-file", "FILE", options.from_file, "Take the value from this file").completes(Completes::file);
}

std::string typed_or_piped(const SecretSetOptions& options, Context& context) {
  if (context.streams().in_terminal() == Terminal::no) {
    return read_all(*context.streams().open_input());
  }
  return context.ask_secret("Value of " + quote(options.name)).value_or("");
}

std::string value_of(const SecretSetOptions& options, Context& context) {
  if (!options.rest.empty()) {
    throw Error(ErrorCode::usage,
                "the value of a secret is no argument: everybody on this machine could read it",
                "pipe it in, type it when asked, or give --from-file or --from-env");
  }
  if (options.from_env && options.from_file) {
    throw Error(ErrorCode::usage, "--from-env and --from-file are both given", "give one of them");
  }
  if (options.from_env) {
    auto value = secret_environment(options.from_env->c_str());
    if (!value) {
      throw Error(ErrorCode::not_found, "the variable " + quote(*options.from_env) + " is not set");
    }
    return *std::move(value);
  }
  return options.from_file ? read_file(*options.from_file) : typed_or_piped(options, context);
}

ExitCode run(const SecretSetOptions& options, Context& context) {
  services::SecretInput input;
  input.name = options.name;
  input.value = value_of(options, context);
  // What an editor or echo put behind it.
  while (input.value.ends_with('\n') || input.value.ends_with('\r')) {
    input.value.pop_back();
  }
  input.description = options.description;
  if (!options.hosts.empty()) {
    input.hosts = options.hosts;
  }
  const auto kept = context.secrets().set(input);
  wipe(input.value);
  show_item(context.streams(), context.view(), grid_of(k_set_fields, std::vector{kept}));
  return ExitCode::done;
}

}  // namespace

Command secret_set_command() {
  return command<SecretSetOptions>(
      {.path = "secret set",
       .summary = "Keep the key of a model, encrypted",
       .description =
           "The value comes from standard input or a prompt that does not show it, never from an argument. It is "
           "encrypted with the key in lumi.key in the folder of the configuration, which is made when it is first "
           "needed, with the one that LUMI_SECRET_KEY_FILE, LUMI_SECRET_KEY_COMMAND or LUMI_SECRET_KEY give, or with a "
           "passphrase (see lumi secret rekey). A secret goes only to its hosts. What is not given stays as it was.",
       .examples = {{"typed", "lumi secret set openai_api_key"},
                    {"from a password manager", "pass show openai | lumi secret set openai_api_key"},
                    {"from the environment", "lumi secret set openai_api_key --from-env OPENAI_API_KEY"},
                    {"for a server of your own",
                     "lumi secret set lab_api_key --host llm.lab.example:8443 --from-file key"}},
       .json_fields = names_of(k_set_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
