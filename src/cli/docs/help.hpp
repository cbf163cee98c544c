#pragma once
#include "cli/command.hpp"
#include "cli/io/streams.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lumi::cli {

/// How much a help page says: `-h` or `--help`.
enum class HelpDetail { brief, full };

/// The help page of a command.
std::string command_help(const CommandSpec& spec, const OptionSet& options, HelpDetail detail, const Streams& streams);

/// The help page of a noun such as "dataset"; of the whole program for "".
std::string group_help(std::string_view group, const Streams& streams);

/// The words that may follow a noun ("" for the program), visible ones, in the order of help.
std::vector<std::string> verbs_of(std::string_view group);

/// The usage line of a command, such as "lumi dataset get ID [flags]".
std::string usage_line(const CommandSpec& spec, const OptionSet& options);

/// "-L, --limit N": how an option is written in help and manual.
std::string option_syntax(const OptionDefinition& definition);

/// The help text with choices and default, as shown.
std::string option_text(const OptionDefinition& definition);

/// `text` broken at spaces into lines of at most `width` columns, each starting with `indent` spaces. Lines that start
/// with a space are kept as they are.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace lumi::cli
