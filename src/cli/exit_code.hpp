#pragma once
#include "base/error.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace lumi::cli {

/// What the process returns; the meanings are a contract with scripts.
enum class ExitCode : int {
  done = 0,
  failure = 1,
  usage = 2,
  partial = 3,
  credentials = 4,
  not_found = 5,
  conflict = 6,
  unavailable = 7,
  pending = 8,
  gate_failed = 9,
  budget = 10,
  invalid_input = 11,
  storage = 12,
  permission = 13,
  interrupted = 130,
  terminated = 143,
};

/// One line of the table that `lumi help exit-codes` and the manual print.
struct ExitCodeRow {
  ExitCode exit;
  std::string_view code;  ///< the name in error JSON
  std::string_view meaning;
};

/// Every exit code with its name and meaning, in numerical order.
std::span<const ExitCodeRow> exit_code_table();

/// The exit code of an error; `interrupted` becomes 143 when SIGTERM was the signal.
ExitCode exit_code_of(ErrorCode code);

/// An error whose exit code this is; `failure` for one that no error has.
ErrorCode error_code_of(ExitCode exit);

/// The name of an error in error JSON, such as "not_found" or "too_large".
std::string_view name_of(ErrorCode code);

/// The one of two exit codes that a command reports when both hold (interruption first, then damage, usage, ...).
ExitCode more_urgent(ExitCode a, ExitCode b);

}  // namespace lumi::cli
