#include "cli/exit_code.hpp"

#include "base/interrupt.hpp"

#include <algorithm>
#include <array>
#include <csignal>

namespace lumi::cli {

namespace {

constexpr std::array<ExitCodeRow, 16> k_table{{
    {ExitCode::done, "", "done; also a listing in which nothing was found"},
    {ExitCode::failure, "failure", "the work failed"},
    {ExitCode::usage, "usage", "wrong flags or unknown names"},
    {ExitCode::partial, "partial", "finished, but some samples are in error or were refused"},
    {ExitCode::credentials, "credentials", "a key is missing or was refused"},
    {ExitCode::not_found, "not_found", "there is no such thing"},
    {ExitCode::conflict, "conflict", "running, taken, locked, or there already"},
    {ExitCode::unavailable, "unavailable", "a remote service did not answer; trying again may help"},
    {ExitCode::pending, "pending", "not finished when the wait ended"},
    {ExitCode::gate_failed, "gate_failed", "a condition given with --require does not hold"},
    {ExitCode::budget, "budget", "a budget or time limit was reached; the job can be resumed"},
    {ExitCode::invalid_input, "invalid_input", "a dataset, body or file is not valid, or is too large"},
    {ExitCode::storage, "storage", "the store is damaged or was made by a newer lumi"},
    {ExitCode::permission, "permission", "no permission, read-only, or no space left"},
    {ExitCode::interrupted, "interrupted", "stopped by Ctrl-C (SIGINT)"},
    {ExitCode::terminated, "interrupted", "stopped by SIGTERM"},
}};

constexpr std::array<ExitCode, 16> k_urgency{ExitCode::terminated,
                                             ExitCode::interrupted,
                                             ExitCode::storage,
                                             ExitCode::permission,
                                             ExitCode::usage,
                                             ExitCode::invalid_input,
                                             ExitCode::credentials,
                                             ExitCode::unavailable,
                                             ExitCode::budget,
                                             ExitCode::conflict,
                                             ExitCode::not_found,
                                             ExitCode::failure,
                                             ExitCode::pending,
                                             ExitCode::gate_failed,
                                             ExitCode::partial,
                                             ExitCode::done};

}  // namespace

std::span<const ExitCodeRow> exit_code_table() { return k_table; }

ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
  case ErrorCode::failure:
    return ExitCode::failure;
  case ErrorCode::usage:
    return ExitCode::usage;
  case ErrorCode::partial:
    return ExitCode::partial;
  case ErrorCode::credentials:
    return ExitCode::credentials;
  case ErrorCode::not_found:
    return ExitCode::not_found;
  case ErrorCode::conflict:
    return ExitCode::conflict;
  case ErrorCode::unavailable:
    return ExitCode::unavailable;
  case ErrorCode::pending:
    return ExitCode::pending;
  case ErrorCode::gate_failed:
    return ExitCode::gate_failed;
  case ErrorCode::budget:
    return ExitCode::budget;
  case ErrorCode::invalid_input:
  case ErrorCode::too_large:
    return ExitCode::invalid_input;
  case ErrorCode::storage:
    return ExitCode::storage;
  case ErrorCode::permission:
    return ExitCode::permission;
  case ErrorCode::interrupted:
    return pending_interrupt() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  }
  return ExitCode::failure;
}

ErrorCode error_code_of(ExitCode exit) {
  for (auto code = ErrorCode::failure; code < ErrorCode::interrupted; code = static_cast<ErrorCode>(int(code) + 1)) {
    if (exit_code_of(code) == exit) {
      return code;
    }
  }
  return exit == ExitCode::interrupted || exit == ExitCode::terminated ? ErrorCode::interrupted : ErrorCode::failure;
}

std::string_view name_of(ErrorCode code) {
  if (code == ErrorCode::too_large) {
    return "too_large";
  }
  const ExitCode exit = exit_code_of(code);
  return std::find_if(k_table.begin(), k_table.end(), [&](const auto& row) { return row.exit == exit; })->code;
}

ExitCode more_urgent(ExitCode a, ExitCode b) {
  return *std::find_if(k_urgency.begin(), k_urgency.end(), [&](ExitCode code) { return code == a || code == b; });
}

}  // namespace lumi::cli
