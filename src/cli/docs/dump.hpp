#pragma once
#include <string>

namespace lumi::cli {

/// The whole command tree as JSON, one command a line: paths, texts, options, fields. The golden test pins it, so that
/// any change of the command line shows in review; generators and drift tests read nothing else.
std::string dump_commands();

}  // namespace lumi::cli
