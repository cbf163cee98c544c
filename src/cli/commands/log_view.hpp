#pragma once
#include "cli/io/value.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// `{"logs": TEXT}`.
extern const std::array<Field<std::string>, 1> k_log_fields;

/// The lines that --tail leaves.
std::vector<std::string> last_lines(std::vector<std::string> lines, const std::optional<std::int64_t>& tail);

/// Prints lines of a log as they are, made harmless on a terminal.
void show_lines(Context& context, const std::vector<std::string>& lines);

/// Prints a log as it grows: --tail holds for the lines of the first call, with --json each line is an object.
class GrowingLog {
public:
  GrowingLog(Context& context, const std::optional<std::int64_t>& tail) : context_(context), tail_(tail) {}

  void show(std::vector<std::string> lines);

private:
  Context& context_;
  std::optional<std::int64_t> tail_;
};

/// Prints a whole log or the end of it.
void show_logs(Context& context, std::string logs, const std::optional<std::int64_t>& tail);

}  // namespace lumi::cli
