#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi {

/// The words of a command as a shell would see them: quotes and backslashes are understood, nothing is expanded.
/// Nothing if a quote is not closed.
std::optional<std::vector<std::string>> split_command(std::string_view command);

/// Runs the program `words.front()`, found in PATH, without a shell, and returns what it writes to standard output (at
/// most 1 MiB); its standard error is ours, its standard input empty. Throws `failure` naming the program if it cannot
/// be started, does not end with 0, or writes more.
std::string command_output(const std::vector<std::string>& words);

}  // namespace lumi
