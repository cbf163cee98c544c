#include "core/services/workflow.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "core/services/job_log.hpp"
#include "core/services/resolve_id.hpp"
#include "core/services/workflow_control.hpp"
#include "core/services/workflow_jobs.hpp"
#include "core/services/workflow_log.hpp"
#include "store/files/verified_source.hpp"
#include "store/orphans.hpp"
#include "store/repositories/job_repository.hpp"

#include <filesystem>
#include <system_error>

namespace lumi::services {

namespace {

constexpr std::int64_t k_url_expires_s = 3600;

}  // namespace

std::string WorkflowService::resolve(std::string_view id_or_prefix) {
  auto* database = with_.databases.find();
  if (database == nullptr) {
    return resolve_hex_id("workflow", id_or_prefix, {});
  }
  store::WorkflowRepository workflows(*database);
  return resolve_hex_id(
      "workflow",
      id_or_prefix,
      {[&](const std::string& prefix, std::size_t limit) { return workflows.find_ids_by_prefix(prefix, limit); },
       [&](const std::string& id) { return workflows.find_near_ids(id); }});
}

store::WorkflowRecord WorkflowService::get(std::string_view id) {
  return WorkflowControlService({with_.databases, with_.clock}).look_at(resolve(id));
}

store::Listing<store::WorkflowRecord> WorkflowService::list(const store::WorkflowFilter& filter,
                                                            const store::Page& page) {
  store::reap_orphaned_workflows(with_.databases, with_.clock);
  auto* database = with_.databases.find();
  return database == nullptr ? store::Listing<store::WorkflowRecord>()
                             : store::WorkflowRepository(*database).list(filter, page);
}

WorkflowDetails WorkflowService::details(const store::WorkflowRecord& row) {
  WorkflowDetails details;
  const auto workflow = parse_workflow_config(row.config_json);
  details.model = workflow.inference.body.model;
  details.system_prompt = workflow.inference.body.system_prompt;
  store::JobFilter of_workflow;
  of_workflow.workflow_id = row.id;
  store::reap_orphaned_jobs(with_.databases, with_.clock);
  details.jobs = store::JobRepository(*with_.databases.find()).list(of_workflow, {0, 0}).items;
  if (row.result_key && row.storage_url) {
    try {
      details.artifacts_download_url =
          with_.objects.at(*row.storage_url).download_url(*row.result_key, k_url_expires_s);
    } catch (const Error& error) {  // a storage out of reach takes nothing away from all the rest
      log_warn("workflow " + row.id + " has no URL: " + error.what());
    }
  }
  details.row = row;
  return details;
}

std::string WorkflowService::logs(std::string_view id) {
  const auto workflow = get(id);
  std::vector<std::string> logs;
  for (const auto& job : list_job_ids(*with_.databases.find(), workflow.id)) {
    const auto path = JobLog::path_in(with_.databases.home().job_folder(job));
    std::error_code ignored;
    logs.push_back(std::filesystem::exists(path, ignored) ? read_file(path) : std::string());
  }
  return join(logs, std::string("\n") + k_log_separator + "\n");
}

store::WorkflowRecord WorkflowService::get_with_results(std::string_view id) {
  auto workflow = get(id);
  if (!is_finished(workflow)) {
    throw Error(ErrorCode::pending,
                "workflow " + quote(workflow.id) + " has no results yet: it is " + workflow.status,
                "'lumi workflow wait " + workflow.id + "' waits for its end");
  }
  if (!workflow.result_key || !workflow.storage_url) {
    throw Error(ErrorCode::not_found,
                "workflow " + quote(workflow.id) + " has no results: it failed" +
                    (workflow.reason.empty() ? "" : ": " + workflow.reason),
                "'lumi workflow logs " + workflow.id + "' shows what happened");
  }
  return workflow;
}

void WorkflowService::download(std::string_view id, ByteSink& sink) {
  const auto workflow = get_with_results(id);
  store::copy_referenced(with_.objects.at(*workflow.storage_url),
                         *workflow.result_key,
                         workflow.result_sha256.value_or(std::string()),
                         sink);
}

std::string WorkflowService::download_url(std::string_view id, std::int64_t expires_s) {
  const auto workflow = get_with_results(id);
  return with_.objects.at(*workflow.storage_url).download_url(*workflow.result_key, expires_s);
}

}  // namespace lumi::services
