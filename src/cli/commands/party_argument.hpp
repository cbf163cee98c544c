#pragma once
#include "core/comparison/likeness.hpp"

#include <string>

namespace lumi::cli {

class Context;

/// The results that an argument of a comparison names: a results.json, or an evaluator job. Throws as
/// ComparisonService.
comparison::Party party_of(Context& context, const std::string& argument);

}  // namespace lumi::cli
