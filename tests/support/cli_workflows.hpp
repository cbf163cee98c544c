#pragma once
#include "core/schemas/experiment.hpp"
#include "core/services/workflow_config.hpp"
#include "store/job_lock.hpp"
#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/workflow_repository.hpp"
#include "support/cli.hpp"
#include "support/records.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>
#include <vector>

namespace lumi::test {

/// A command line with an experiment, and workflows in every state.
class WorkflowFixture : public CliFixture {
public:
  using Json = nlohmann::json;

  std::string dataset = create_dataset();
  std::string experiment =
      Json::parse(lumi({"experiment", "create", "--name", "e", "--dataset", dataset, "--json"}).out)
          .at("id")
          .get<std::string>();

  /// The id of a new workflow with this row.
  std::string
  add(const std::string& status, const std::string& reason = {}, std::optional<std::int64_t> exit_code = {}) const {
    store::WorkflowRecord row;
    row.id = hex_id();
    row.experiment_id = experiment;
    row.name = "w";
    row.status = status;
    row.reason = reason;
    row.exit_code = exit_code;
    row.config_json = k_config;
    row.created_at = SystemClock().now();
    const auto database = store::Database::open(store::Home(folder / "home"));
    store::WorkflowRepository(*database).insert(row);
    return row.id;
  }

  /// The id of a workflow that this process works on for as long as the fixture lives.
  std::string add_running() {
    const auto id = add("running");
    locks_.push_back(store::JobLock::try_acquire(store::Home(folder / "home"), id, SystemClock()).value());
    return id;
  }

  Json json(std::vector<std::string> args) const {
    args.emplace_back("--json");
    return Json::parse(lumi(args).out);
  }

  static std::string hex_id() {
    auto id = RandomIds().uuid();
    std::erase(id, '-');
    return id;
  }

private:
  static inline const std::string k_config = [] {
    services::Workflow workflow;
    workflow.inference.body.model = "m";
    return services::workflow_config_json(workflow, dataset_record(1));
  }();

  std::vector<store::JobLock> locks_;
};

inline const std::string k_unknown_id(32, '0');

}  // namespace lumi::test
