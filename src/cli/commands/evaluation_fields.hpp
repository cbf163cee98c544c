#pragma once
#include "cli/io/value.hpp"
#include "core/services/evaluator.hpp"

#include <array>

namespace lumi::cli {

/// What `lumi evaluate --json` prints.
extern const std::array<Field<const services::EvaluationAnswer*>, 8> k_evaluation_fields;

}  // namespace lumi::cli
