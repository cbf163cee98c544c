#include "core/services/health.hpp"

#include "cli/commands/commands.hpp"
#include "cli/context.hpp"

#include <array>

namespace lumi::cli {

namespace {

struct HealthOptions {};

constexpr std::array<Field<services::Health>, 2> k_health_fields{{
    {"status", "STATUS", Show::column, [](const services::Health& health) { return Value(health.status); }},
    {"deployment_type",
     "DEPLOYMENT",
     Show::column,
     [](const services::Health& health) { return Value(health.deployment_type); }},
}};

void bind(OptionSet& /*set*/, HealthOptions& /*options*/) {}

ExitCode run(const HealthOptions& /*options*/, Context& context) {
  const auto deployment_type = context.settings().get("deployment_type").value;
  const auto health = services::check_health(context.databases(), deployment_type);
  show_item(context.streams(), context.view(), grid_of(k_health_fields, std::vector{health}));
  return ExitCode::done;
}

}  // namespace

Command health_command() {
  return command<HealthOptions>(
      {.path = "health",
       .summary = "Say whether lumi can work",
       .description = "Opens the store if there is one: exit code 12 if it is damaged, 13 if it may not be read.",
       .examples = {{"as Lumigator's GET /health answers", "lumi health --json"}},
       .json_fields = names_of(k_health_fields)},
      bind,
      run);
}

}  // namespace lumi::cli
