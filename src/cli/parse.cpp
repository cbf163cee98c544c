#include "cli/parse.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <span>

namespace lumi::cli {

namespace {

std::string help_hint(std::string_view command) {
  return "run 'lumi " + std::string(command) + (command.empty() ? "" : " ") + "--help' for the usage";
}

std::string all_names(const OptionDefinition& definition) {
  auto names = definition.names;
  names.insert(names.end(), definition.hidden_names.begin(), definition.hidden_names.end());
  return join(names, ",");
}

CLI::callback_t taking(const OptionDefinition& definition) {
  return [&definition](const CLI::results_t& values) {
    for (const auto& value : values) {
      definition.take(value);
    }
    return true;
  };
}

CLI::Option* add_switch(CLI::App& app, const OptionDefinition& definition) {
  return app.add_flag_function(all_names(definition), [&definition](std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      definition.take("");
    }
  });
}

CLI::Option* add_valued(CLI::App& app, const OptionDefinition& definition) {
  // Each occurrence takes one argument, and any number of occurrences is fine: `take` decides what repetition means.
  return app.add_option(all_names(definition), taking(definition))
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args(false);
}

const OptionDefinition* find_optional(const OptionSet& options, const std::string& name) {
  for (const auto& definition : options.definitions()) {
    if (definition.optional_value &&
        std::find(definition.names.begin(), definition.names.end(), name) != definition.names.end()) {
      return &definition;
    }
  }
  return nullptr;
}

/// CLI11 reads `--name=` as a name without a value and would take the next argument; `--json` may carry a value only
/// behind `=`, so it is kept away from CLI11.
std::vector<std::string> prepared(const OptionSet& options, std::span<const std::string> args) {
  std::vector<std::string> out;
  for (const auto& arg : args) {
    const auto equals = arg.find('=');
    const auto name = arg.substr(0, equals);
    if (!arg.starts_with("--")) {
      out.push_back(arg);
    } else if (const auto* optional = find_optional(options, name)) {
      optional->take(equals == std::string::npos ? "" : arg.substr(equals + 1));
    } else if (equals != std::string::npos && equals + 1 == arg.size()) {
      out.push_back(name);
      out.emplace_back();
    } else {
      out.push_back(arg);
    }
  }
  return out;
}

std::vector<std::string> visible_names(const OptionSet& options) {
  std::vector<std::string> names;
  for (const auto& definition : options.definitions()) {
    if (!definition.hidden) {
      names.insert(names.end(), definition.names.begin(), definition.names.end());
    }
  }
  return names;
}

void reject_unknown_flags(const OptionSet& options,
                          std::string_view command,
                          const std::vector<std::string>& arguments) {
  for (const auto& argument : arguments) {
    if (argument.size() > 1 && argument.front() == '-') {
      const auto name = argument.substr(0, argument.find('='));
      const auto near = did_you_mean(name, visible_names(options));
      throw Error(ErrorCode::usage, "unknown flag " + quote(name), near.empty() ? help_hint(command) : near);
    }
  }
}

/// Gives the positional arguments to their definitions, in order; a repeatable one takes all that are left.
void take_positional(const OptionSet& options, std::string_view command, const std::vector<std::string>& arguments) {
  std::size_t next = 0;
  for (const auto& definition : options.definitions()) {
    if (!definition.is_positional()) {
      continue;
    }
    if (definition.required && next == arguments.size()) {
      throw Error(ErrorCode::usage, "missing " + definition.value_name, help_hint(command));
    }
    while (next < arguments.size()) {
      definition.take(arguments[next++]);
      if (!definition.repeatable) {
        break;
      }
    }
  }
  if (next < arguments.size()) {
    throw Error(ErrorCode::usage, "unexpected argument " + quote(arguments[next]), help_hint(command));
  }
}

[[noreturn]] void rethrow_as_usage(const CLI::ParseError& error, std::string_view command) {
  std::string message = error.what();
  if (!message.empty() && message[0] >= 'A' && message[0] <= 'Z') {
    message[0] = static_cast<char>(message[0] - 'A' + 'a');
  }
  throw Error(ErrorCode::usage, message, help_hint(command));
}

}  // namespace

void parse_arguments(const OptionSet& options, std::string_view command, const std::vector<std::string>& args) {
  CLI::App app;
  app.set_help_flag("");
  app.allow_extras();
  std::vector<std::pair<CLI::Option*, const OptionDefinition*>> added;
  for (const auto& definition : options.definitions()) {
    if (!definition.optional_value && !definition.is_positional()) {
      added.emplace_back(definition.is_switch() ? add_switch(app, definition) : add_valued(app, definition),
                         &definition);
    }
  }
  const auto end_of_flags = std::find(args.begin(), args.end(), "--");
  auto reversed = prepared(options, {args.begin(), end_of_flags});
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ArgumentMismatch&) {
    throw Error(ErrorCode::usage, quote(*std::prev(end_of_flags)) + " needs a value", help_hint(command));
  } catch (const CLI::ParseError& error) {
    rethrow_as_usage(error, command);
  }
  auto positional = app.remaining();
  reject_unknown_flags(options, command, positional);
  if (end_of_flags != args.end()) {
    positional.insert(positional.end(), std::next(end_of_flags), args.end());
  }
  take_positional(options, command, positional);
  for (const auto& [option, definition] : added) {
    if (definition->required && option->count() == 0) {
      throw Error(ErrorCode::usage, "missing " + definition->display_name(), help_hint(command));
    }
  }
}

}  // namespace lumi::cli
