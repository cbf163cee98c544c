#include "core/services/experiment.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/services/resolve_id.hpp"
#include "store/orphans.hpp"
#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <algorithm>

namespace lumi::services {

namespace {

// YYYYMMDDhhmmssffffff in UTC.
std::string digits_of(Timestamp time) {
  constexpr std::int64_t k_second_us = 1'000'000;
  auto fraction = std::to_string(time.microseconds % k_second_us);
  fraction.insert(0, 6 - fraction.size(), '0');
  std::string digits;
  for (const char c : to_rfc3339({time.microseconds - time.microseconds % k_second_us})) {
    if (c >= '0' && c <= '9') {
      digits += c;
    }
  }
  return digits + fraction;
}

Error experiment_not_found(std::string_view id) {
  return {ErrorCode::not_found, "experiment " + quote(id) + " not found", "'lumi experiment list' shows what there is"};
}

}  // namespace

std::string take_free_name(store::ExperimentRepository& experiments, const std::string& wanted, Timestamp now) {
  auto name = wanted;
  for (; !experiments.take_name(name); ++now.microseconds) {
    name = wanted + "_" + digits_of(now);
  }
  return name;
}

store::ExperimentRecord ExperimentService::create(const schemas::ExperimentCreate& body,
                                                  const store::DatasetRecord& dataset) {
  auto& database = with_.databases.get();
  store::ExperimentRecord record;
  record.id = with_.ids.uuid();
  record.id.erase(std::remove(record.id.begin(), record.id.end(), '-'), record.id.end());
  record.description = body.description;
  record.dataset_id = dataset.id;
  record.config_json =
      schemas::experiment_config_json({body.max_samples, body.task_definition, body.run, body.sample_seed});
  record.created_at = with_.clock.now();
  record.updated_at = record.created_at;
  database.transaction([&] {
    store::ExperimentRepository experiments(database);
    record.name = take_free_name(experiments, body.name, record.created_at);
    experiments.insert(record);
  });
  return record;
}

std::string ExperimentService::resolve(std::string_view id_or_prefix) {
  auto* database = with_.databases.find();
  if (database == nullptr) {
    return resolve_hex_id("experiment", id_or_prefix, {});
  }
  store::ExperimentRepository experiments(*database);
  return resolve_hex_id(
      "experiment",
      id_or_prefix,
      {[&](const std::string& prefix, std::size_t limit) { return experiments.find_ids_by_prefix(prefix, limit); },
       [&](const std::string& id) { return experiments.find_near_ids(id); }});
}

store::ExperimentRecord ExperimentService::get(std::string_view id) {
  const auto full_id = resolve(id);
  if (auto* database = with_.databases.find()) {
    if (auto record = store::ExperimentRepository(*database).find(full_id)) {
      return *std::move(record);
    }
  }
  throw experiment_not_found(id);
}

store::Listing<store::ExperimentRecord> ExperimentService::list(const store::Page& page) {
  auto* database = with_.databases.find();
  return database == nullptr ? store::Listing<store::ExperimentRecord>()
                             : store::ExperimentRepository(*database).list(page);
}

std::vector<store::WorkflowRecord> ExperimentService::workflows(const std::string& id) {
  store::reap_orphaned_workflows(with_.databases, with_.clock);
  return store::WorkflowRepository(*with_.databases.find()).list({.experiment_id = id}, {0, 0}).items;
}

void ExperimentService::check_removable(const std::string& id, Force force) {
  for (const auto& workflow : workflows(id)) {
    if (!is_finished(workflow) && force == Force::no) {
      throw Error(ErrorCode::conflict,
                  "workflow " + quote(workflow.id) + " of experiment " + quote(id) + " is " + workflow.status,
                  "wait for its end with 'lumi experiment wait " + id + "', or give --force, which stops it first");
    }
  }
}

std::vector<std::string> ExperimentService::remove(const std::string& id, Force force) {
  check_removable(id, force);
  std::vector<std::string> workflow_ids;
  for (const auto& workflow : workflows(id)) {
    workflow_ids.push_back(workflow.id);
  }
  auto& database = with_.databases.get();
  return with_.removal.remove_all(workflow_ids, id, force, [&] {
    // A workflow that was made meanwhile must not lose its experiment.
    if (store::WorkflowRepository(database).list({.experiment_id = id}, {0, 1}).total > 0) {
      throw Error(ErrorCode::conflict, "a workflow was added to experiment " + quote(id) + " meanwhile", "try again");
    }
    if (!store::ExperimentRepository(database).remove(id)) {  // another process was faster
      throw experiment_not_found(id);
    }
  });
}

}  // namespace lumi::services
