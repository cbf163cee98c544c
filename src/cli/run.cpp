#include "cli/run.hpp"

#include "base/error.hpp"
#include "base/interrupt.hpp"
#include "base/log.hpp"
#include "base/suggest.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "cli/context.hpp"
#include "cli/docs/help.hpp"
#include "cli/exit_code.hpp"
#include "cli/global_options.hpp"
#include "cli/parse.hpp"
#include "cli/resolve.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <new>

#include <fcntl.h>
#include <unistd.h>

namespace lumi::cli {

namespace {

/// The arguments that are flags: those before `--`.
std::vector<std::string> flags_of(const std::vector<std::string>& args) {
  return {args.begin(), std::find(args.begin(), args.end(), "--")};
}

bool has_any(const std::vector<std::string>& args, std::initializer_list<std::string_view> wanted) {
  const auto flags = flags_of(args);
  return std::find_first_of(flags.begin(), flags.end(), wanted.begin(), wanted.end()) != flags.end();
}

bool asks_for_json(const std::vector<std::string>& args) {
  const auto flags = flags_of(args);
  return std::any_of(
      flags.begin(), flags.end(), [](const auto& arg) { return arg == "--json" || arg.starts_with("--json="); });
}

bool all_known(const std::vector<std::string>& names, const std::vector<std::string>& known) {
  return !names.empty() && std::all_of(names.begin(), names.end(), [&](const auto& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  });
}

/// `--json id,name` would be taken for a positional argument: fields follow an equals sign.
void reject_detached_fields(const std::vector<std::string>& args, const std::vector<std::string>& fields) {
  const auto flags = flags_of(args);
  for (std::size_t i = 0; i + 1 < flags.size(); ++i) {
    if (flags[i] == "--json" && all_known(split_outside_brackets(flags[i + 1], ','), fields)) {
      throw Error(ErrorCode::usage, "--json takes its fields after an equals sign", "write --json=" + flags[i + 1]);
    }
  }
}

void check_json_fields(const CommandSpec& spec, const GlobalOptions& globals) {
  if (!globals.json) {
    return;
  }
  for (const auto& name : *globals.json) {
    if (spec.json_fields.empty()) {
      throw Error(ErrorCode::usage, "'lumi " + std::string(spec.path) + "' has no JSON fields to choose from");
    }
    if (!all_known({name}, spec.json_fields)) {
      const auto near = did_you_mean(name, spec.json_fields);
      throw Error(ErrorCode::usage,
                  "unknown JSON field " + quote(name),
                  (near.empty() ? "" : near + " ") + "the fields are: " + join(spec.json_fields, ","));
    }
  }
}

StreamSettings stream_settings(const GlobalOptions& globals, const std::string& color) {
  StreamSettings settings;
  settings.json = globals.json.has_value();
  settings.color = color == "always" ? ColorMode::always : color == "never" ? ColorMode::never : ColorMode::automatic;
  settings.progress = !globals.no_progress;
  settings.verbosity = globals.quiet          ? Verbosity::quiet
                       : globals.verbose == 0 ? Verbosity::normal
                       : globals.verbose == 1 ? Verbosity::verbose
                                              : Verbosity::debug;
  return settings;
}

LogLevel log_level(const GlobalOptions& globals, const std::string& setting) {
  constexpr std::array<std::string_view, 6> k_names{"trace", "debug", "info", "warn", "error", "off"};
  if (globals.verbose > 0) {
    return globals.verbose == 1 ? LogLevel::info : LogLevel::debug;
  }
  const auto found = std::find(k_names.begin(), k_names.end(), setting);
  return found == k_names.end() ? LogLevel::warn : static_cast<LogLevel>(found - k_names.begin());
}

ExitCode show_group_help(const std::vector<std::string>& args, const std::string& group, Streams& streams) {
  if (group.empty() && has_any(args, {"--version"})) {
    streams.out().write("lumi " + std::string(k_version) + "\n");
    return ExitCode::done;
  }
  if (!group.empty() && !has_any(args, {"-h", "--help"})) {
    throw Error(ErrorCode::usage, "'lumi " + group + "' needs a verb", "it is one of: " + join(verbs_of(group), ", "));
  }
  streams.out().write(group_help(group, streams));
  return ExitCode::done;
}

ExitCode run_command(const std::vector<std::string>& args, Streams& streams) {
  const auto resolved = resolve_command(args);
  if (resolved.entry == nullptr) {
    return show_group_help(resolved.rest, resolved.group, streams);
  }
  const auto command = resolved.entry->make();
  GlobalOptions globals;
  OptionSet options;
  command.bind(options);
  bind_global_options(options, globals);
  if (has_any(resolved.rest, {"-h", "--help"})) {
    const auto detail = has_any(resolved.rest, {"--help"}) ? HelpDetail::full : HelpDetail::brief;
    streams.out().write(command_help(command.spec, options, detail, streams));
    return ExitCode::done;
  }
  reject_detached_fields(resolved.rest, command.spec.json_fields);
  parse_arguments(options, command.spec.path, resolved.rest);
  check_json_fields(command.spec, globals);
  Context context(streams, globals);
  streams.configure(stream_settings(globals, context.settings().get("color").value));
  set_log_level(log_level(globals, context.settings().get("log").value));
  return command.run(context);
}

/// A standard stream that the caller has closed goes nowhere: a file that is opened later must not get its number.
void occupy_standard_streams() {
  for (int fd = 0; fd < 3; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) {
      ::open("/dev/null", O_RDWR);
    }
  }
}

int report(const Error& error, Streams& streams) {
  try {
    streams.flush();
  } catch (const Error&) {  // the error that is about to be told is the one that counts
  }
  streams.error(error);
  return static_cast<int>(exit_code_of(error.code()));
}

}  // namespace

int run(const std::vector<std::string>& args, Streams& streams) {
  StreamSettings early;
  early.json = asks_for_json(args);
  streams.configure(early);
  set_log_format(early.json ? LogFormat::json : LogFormat::text);
  try {
    const auto exit = run_command(args, streams);
    streams.flush();
    return static_cast<int>(exit);
  } catch (const Error& error) {
    return report(error, streams);
  } catch (const std::bad_alloc&) {
    return report(Error(ErrorCode::failure, "not enough memory"), streams);
  } catch (const std::exception& error) {
    return report(Error(ErrorCode::failure, std::string("unexpected: ") + error.what()), streams);
  }
}

int run(int argc, char** argv) {
  occupy_standard_streams();
  std::signal(SIGPIPE, SIG_IGN);
  watch_for_interrupts();
  const auto streams = Streams::standard();
  return run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc), *streams);
}

}  // namespace lumi::cli
