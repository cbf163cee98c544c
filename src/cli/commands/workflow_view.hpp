#pragma once
#include "base/error.hpp"
#include "cli/commands/failures.hpp"
#include "core/services/patience.hpp"
#include "store/records/workflow.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// Shows the workflow as it is now.
void show_workflow(Context& context, const std::string& id);

/// Shows a workflow that was just made or resumed, in short: Lumigator's WorkflowResponse.
void show_workflow_response(Context& context, const store::WorkflowRecord& row);

/// Shows workflows as a listing.
void show_workflows(Context& context, const std::vector<store::WorkflowRecord>& rows, std::uint64_t total);

/// What waiting for a workflow reports of one that has ended: nothing if all is well, else an error with the exit code
/// that it had.
std::optional<Error> how_it_ended(const store::WorkflowRecord& workflow);

/// The full ids of the workflows that `ids` name, each once; what names none is added to `failures`.
std::vector<std::string> resolve_workflows(Context& context, const std::vector<std::string>& ids, Failures& failures);

/// Waits for workflows, and adds how each ended to `failures`; returns them as they are then.
std::vector<store::WorkflowRecord> wait_for_workflows(Context& context,
                                                      const std::vector<std::string>& ids,
                                                      services::Patience patience,
                                                      Failures& failures);

/// Asks those workflows that have not ended to stop, waits for them, and shows which were stopped.
void stop_workflows(Context& context,
                    const std::vector<std::string>& ids,
                    services::Patience patience,
                    Failures& failures);

}  // namespace lumi::cli
