#pragma once
#include "cli/io/value.hpp"
#include "core/services/workflow.hpp"

#include <array>
#include <cstddef>

namespace lumi::cli {

/// Everything that is known of a workflow, in Lumigator's names and order: WorkflowDetailsResponse.
extern const std::array<Field<services::WorkflowDetails>, 14> k_workflow_fields;

/// How many of them, from the first on, are a WorkflowResponse: what is shown of a workflow that was just made.
inline constexpr std::size_t k_workflow_response_fields = 9;

}  // namespace lumi::cli
