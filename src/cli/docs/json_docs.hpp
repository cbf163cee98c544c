#pragma once
#include <string>

namespace lumi::cli {

/// docs/json-output.md: the JSON fields of every command.
std::string json_docs();

}  // namespace lumi::cli
