#pragma once
#include <string>

namespace lumi::cli {

/// docs/schema.md: the tables that `lumi query` answers about.
std::string schema_docs();

}  // namespace lumi::cli
