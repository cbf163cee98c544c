#pragma once
#include <string>
#include <string_view>

namespace lumi {

/// How much the log says on stderr: warnings by default.
enum class LogLevel { trace, debug, info, warn, error, off };

/// Sets what the log says. Until it is called, only warnings and errors are written.
void set_log_level(LogLevel level);

/// How lines are written: with the time and level before the text, or as JSON objects as `--json` promises them for
/// standard error: {"warning":{"message":…}}, and {"log":{"time":…,"level":…,"message":…}} for what is less.
enum class LogFormat { text, json };

/// Sets how lines are written; text until it is called.
void set_log_format(LogFormat format);

/// Whether the log says what has this `level`: ask before making a line that costs something.
bool is_logged(LogLevel level);

/// Log lines for whoever debugs lumi; messages for users go through cli/io/streams. They are written as `redact` leaves
/// them, with control characters escaped.
void log_trace(std::string_view message);
void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warn(std::string_view message);

/// Keeps `secret` out of every later log line, in whatever form of `forms_of_secret`.
void redact_in_log(const std::string& secret);

/// `text` with every secret given to `redact_in_log`, and what `mask_credentials` finds, replaced by <REDACTED>.
std::string redact(std::string_view text);

}  // namespace lumi
