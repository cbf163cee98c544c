#pragma once
#include "cli/exit_code.hpp"
#include "core/services/inference.hpp"
#include "core/services/workflow_control.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lumi::cli {

class Context;

/// A model whose workflow this process has taken up.
struct TakenModel {
  std::string name;
  services::OwnedWorkflow workflow;
};

/// What all models of a run together may use; each counts what it used in earlier attempts.
struct RunBudget {
  std::optional<double> max_cost;  ///< USD
  std::optional<std::int64_t> max_total_tokens;
};

/// Runs all workflows at once, each in a process of its own that ends with this one, and shows how far they are.
/// Returns when all have ended; what became of them is in their rows. Throws `budget` where that was the reason to stop
/// them, `interrupted` if a signal came, which is passed on to them.
void run_models(Context& context,
                std::vector<TakenModel> models,
                const services::ResumeOptions& options,
                const RunBudget& budget);

}  // namespace lumi::cli
