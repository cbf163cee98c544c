#include "core/services/lumigator_jobs.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "core/evaluation/results_reader.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/services/job_log.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/job_repository.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace lumi::services {

namespace {

bool is_finished(const std::string& status) {
  constexpr std::array<std::string_view, 3> k_finished{"succeeded", "failed", "stopped"};
  return std::find(k_finished.begin(), k_finished.end(), status) != k_finished.end();
}

// As evaluations and inferences of lumi itself have it.
std::string summary_of(const evaluation::Outcome& outcome, const std::string& job_type) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("n", outcome.rows);
  evaluation::write_coverage(json, outcome.samples);
  json.key("metrics");
  if (job_type == "evaluator") {
    evaluation::write_means(json, outcome);
  } else {
    json.begin_object();
    for (const auto& [name, value] : outcome.averages) {
      json.member(name, value);
    }
    json.end_object();
  }
  json.end_object();
  return sink.text();
}

store::JobRecord row_of(const store::LumigatorJob& job) {
  store::JobRecord row;
  row.id = job.id;
  row.name = job.name;
  row.description = job.description;
  row.type = job.type.empty() ? "inference" : job.type;
  row.status = job.status;
  row.runner = k_lumigator_runner;
  row.created_at = job.created_at;
  row.updated_at = job.updated_at;
  return row;
}

}  // namespace

void check_is_own(const store::JobRecord& job) {
  if (job.runner == k_lumigator_runner) {
    throw Error(ErrorCode::usage,
                "job " + quote(job.id) + " ran in Lumigator and cannot be resumed here",
                "make a new one with 'lumi job create " + job.type + "'");
  }
}

/// A results.json that was read.
struct LumigatorJobs::Results {
  std::string key;  ///< where it is in Lumigator's storage
  LumigatorConfig config;
  std::string summary_json;
};

std::optional<LumigatorJobs::Results> LumigatorJobs::read_results(const store::LumigatorJob& job,
                                                                  store::JobRecord& row) {
  Results results;
  results.key = results_key(job.name, job.id);
  if (!objects_.open(results.key)) {
    return std::nullopt;
  }
  try {
    const evaluation::ResultsReader reader([&] { return objects_.open(results.key); }, results.key, with_.max_memory);
    results.config = parse_lumigator_parameters(reader.parameters_json(), row);
    row.type = results.config.evaluation && job.type.empty() ? "evaluator" : row.type;
    results.summary_json = summary_of(reader.outcome(), row.type);
    return results;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_input) {
      throw;
    }
    notes_.add("results are left out, the file is damaged", job.id);
    return std::nullopt;
  }
}

std::optional<store::DatasetRecord> LumigatorJobs::find_dataset(const LumigatorConfig& config) {
  return config.dataset_id ? store::DatasetRepository(with_.databases.get()).find(*config.dataset_id) : std::nullopt;
}

void LumigatorJobs::bring(const store::LumigatorJob& job, ImportCount& count) {
  ++count.found;
  if (store::JobRepository(with_.databases.get()).find(job.id)) {
    ++count.present;
    return;
  }
  auto row = row_of(job);
  const auto results = read_results(job, row);
  if (results) {
    row.status = "succeeded";  // Lumigator looks at its jobs only when it is asked about them
    row.driver_exit_code = 0;
    row.summary_json = results->summary_json;
  } else if (!is_finished(job.status)) {
    ++count.left_out;
    notes_.add("jobs are left out, they never ended and left no results", job.id);
    return;
  } else if (job.status == "succeeded") {
    row.message = "its results were not among Lumigator's objects";
    notes_.add("results are not among the objects", job.id);
  }
  const auto config = results ? results->config : LumigatorConfig();
  const auto dataset = find_dataset(config);
  if (config.dataset_id && !dataset) {
    ++count.left_out;
    notes_.add("jobs are left out, their dataset is gone", job.id);
    return;
  }
  row.dataset_id = config.dataset_id;
  row.config_json = config_json_of(config, row, dataset ? &*dataset : nullptr);
  keep(row, results, job.logs);
  ++count.imported;
}

void LumigatorJobs::keep(const store::JobRecord& row, const std::optional<Results>& results, const std::string& log) {
  auto& database = with_.databases.get();
  if (!log.empty()) {
    const auto folder = database.home().job_folder(row.id);
    make_private_folder(folder);
    write_file(JobLog::path_in(folder), log, Overwrite::yes, Durable::no);
  }
  store::JobRepository jobs(database);
  if (!results) {
    return jobs.insert(row);
  }
  auto with_results = row;
  with_results.storage_url = with_.objects.url_for_new();
  with_results.result_key = results_key(row.name, row.id);
  objects_.copy(results->key, *with_results.result_key, [&](const store::StoredObject& stored) {
    with_results.result_sha256 = stored.sha256;
    jobs.insert(with_results);
  });
}

}  // namespace lumi::services
