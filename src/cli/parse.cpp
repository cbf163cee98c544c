#include "cli/parse.hpp"

#include "base/error.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

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

CLI::Option* add_valued(CLI::App& app, const OptionDefinition& definition, std::size_t position) {
  if (definition.is_positional()) {
    auto* option = app.add_option("argument" + std::to_string(position), taking(definition));
    return definition.repeatable ? option->expected(0, CLI::detail::expected_max_vector_size) : option->expected(0, 1);
  }
  // Each occurrence takes one argument, and any number of occurrences is fine: `take` decides what repetition means.
  return app.add_option(all_names(definition), taking(definition))
      ->expected(1, CLI::detail::expected_max_vector_size)
      ->allow_extra_args(false);
}

/// CLI11 reads `--name=` as a name without a value and would take the next argument; `--json` may carry a value only
/// behind `=`, so it is kept away from CLI11.
std::vector<std::string> prepared(const OptionSet& options, const std::vector<std::string>& args) {
  std::vector<std::string> out;
  bool only_positional = false;
  for (const auto& arg : args) {
    only_positional = only_positional || arg == "--";
    const auto equals = arg.find('=');
    const auto name = arg.substr(0, equals);
    const auto optional =
        std::find_if(options.definitions().begin(), options.definitions().end(), [&](const auto& definition) {
          return definition.optional_value &&
                 std::find(definition.names.begin(), definition.names.end(), name) != definition.names.end();
        });
    if (only_positional || !arg.starts_with("--")) {
      out.push_back(arg);
    } else if (optional != options.definitions().end()) {
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

/// What CLI11 could not place: an unknown flag, or one argument too many.
void reject_extras(const OptionSet& options, std::string_view command, const std::vector<std::string>& extras) {
  for (const auto& extra : extras) {
    if (extra.size() > 1 && extra.front() == '-' && extra != "--") {
      const auto name = extra.substr(0, extra.find('='));
      const auto near = did_you_mean(name, visible_names(options));
      throw Error(ErrorCode::usage, "unknown flag " + quote(name), near.empty() ? help_hint(command) : near);
    }
  }
  for (const auto& extra : extras) {
    if (extra != "--") {
      throw Error(ErrorCode::usage, "unexpected argument " + quote(extra), help_hint(command));
    }
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
    if (!definition.optional_value) {
      auto* option = definition.is_switch() && !definition.is_positional() ? add_switch(app, definition)
                                                                           : add_valued(app, definition, added.size());
      added.emplace_back(option, &definition);
    }
  }
  auto reversed = prepared(options, args);
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ArgumentMismatch&) {
    throw Error(ErrorCode::usage, quote(args.back()) + " needs a value", help_hint(command));
  } catch (const CLI::ParseError& error) {
    rethrow_as_usage(error, command);
  }
  reject_extras(options, command, app.remaining());
  for (const auto& [option, definition] : added) {
    if (definition->required && option->count() == 0) {
      throw Error(ErrorCode::usage, "missing " + definition->display_name(), help_hint(command));
    }
  }
}

}  // namespace lumi::cli
