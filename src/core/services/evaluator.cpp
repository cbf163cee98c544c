#include "core/services/evaluator.hpp"

#include "base/environment.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "core/evaluation/missing_rows.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/evaluation/sample_reader.hpp"
#include "core/services/job_log.hpp"
#include "store/files/verified_source.hpp"
#include "store/folder_lock.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/job_repository.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace lumi::services {

namespace {

constexpr std::chrono::seconds k_between_log_lines(10);

std::string object_url(const std::string& storage_url, const std::string& key) {
  return storage_url.ends_with(':') || storage_url.ends_with('/') ? storage_url + key : storage_url + "/" + key;
}

// A secret must be there although no metric computed on this machine uses it: Lumigator refuses such a job, too.
void check_secret(const EvaluatorJob& job) {
  if (!job.secret_key_name) {
    return;
  }
  auto variable = *job.secret_key_name;
  std::transform(variable.begin(), variable.end(), variable.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  if (!variable.ends_with("_API_KEY") || !environment(variable.c_str())) {
    throw Error(ErrorCode::credentials,
                "Cannot create job '" + job.name + "': Requested secret key '" + *job.secret_key_name +
                    "' is not configured.");
  }
}

// Whether the dataset's row already says that every row has a ground truth.
bool has_all_references(const evaluation::Request& request, const store::DatasetRecord& dataset) {
  const auto& names = request.columns;
  return dataset.ground_truth && names.ground_truth == "ground_truth" && names.map.empty();
}

// What is wrong with the file is found before a job exists.
void check_input(const evaluation::Input& input,
                 const evaluation::Request& request,
                 const evaluation::Plan& plan,
                 const store::DatasetRecord& dataset) {
  const auto needs_reference = plan.needs(metrics::Input::reference);
  evaluation::SampleReader reader(input, request, {needs_reference, plan.needs(metrics::Input::source)});
  if (!needs_reference || request.missing_references == evaluation::MissingReferences::skip ||
      has_all_references(request, dataset)) {
    return;
  }
  evaluation::MissingRows missing;
  evaluation::SampleTexts sample;
  while (reader.next(sample)) {
    if (!sample.has_ground_truth()) {
      missing.add(sample.number);
    }
  }
  missing.refuse_if_any(input.name);
}

std::string summary_json(const evaluation::Outcome& outcome) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("n", outcome.rows);
  json.member("coverage", outcome.samples.coverage());
  json.key("samples");
  evaluation::write_counts(json, outcome.samples);
  json.key("metrics");
  evaluation::write_means(json, outcome);
  json.key("signatures");
  evaluation::write_signatures(json, outcome);
  json.end_object();
  return sink.text();
}

// A job that is being run: its row, its log, and how it ends.
class Run {
public:
  Run(const EvaluatorService::Dependencies& with, OwnedJob job)
      : with_(with), job_(std::move(job)), log_(with.databases.home().job_folder(job_.row.id), with.clock) {}

  void start() {
    store::JobChange change;
    change.status = "running";
    change.start_time = with_.clock.now();
    this->change(change);
    job_.row.status = "running";
    log_.line("job " + job_.row.id + " (" + quote(job_.row.name) + ") started");
  }

  void succeed(const evaluation::Outcome& outcome, const store::StoredObject& results) {
    store::JobChange change;
    change.status = "succeeded";
    change.end_time = with_.clock.now();
    const auto verdict = evaluation::verdict(outcome);
    change.driver_exit_code = verdict ? with_.exit_code_of(*verdict) : 0;
    change.storage_url = with_.objects.url_for_new();
    change.result_key = results.key;
    change.result_sha256 = results.sha256;
    change.summary_json = summary_json(outcome);
    this->change(change);
    log_.line("succeeded");
  }

  void fail(const Error& error) {
    store::JobChange change;
    change.status = error.code() == ErrorCode::interrupted ? "stopped" : "failed";
    change.end_time = with_.clock.now();
    change.message = error.what();
    change.driver_exit_code = with_.exit_code_of(error.code());
    this->change(change);
    log_.line(change.status + ": " + error.what());
  }

  const store::JobRecord& row() const { return job_.row; }
  JobLog& log() { return log_; }

private:
  void change(const store::JobChange& change) {
    store::JobRepository jobs(with_.databases.get());
    if (!jobs.change({job_.row.id, job_.row.attempt, job_.row.status}, change, with_.clock.now())) {
      throw Error(ErrorCode::conflict, "job " + quote(job_.row.id) + " was taken over by another process");
    }
  }

  const EvaluatorService::Dependencies& with_;
  OwnedJob job_;
  JobLog log_;
};

// Says now and then in the log how far the job is.
evaluation::ProgressCallback logged(JobLog& log, const evaluation::ProgressCallback& progress) {
  return [&log, &progress, last = std::chrono::steady_clock::now()](const evaluation::Progress& now) mutable {
    if (const auto time = std::chrono::steady_clock::now(); time - last >= k_between_log_lines) {
      last = time;
      log.line(std::to_string(now.rows) + " rows scored");
    }
    if (progress) {
      progress(now);
    }
  };
}

store::DatasetRecord dataset_of(const store::JobRecord& job, store::Database& database) {
  auto dataset = store::DatasetRepository(database).find(job.dataset_id.value_or(""));
  if (!dataset) {
    throw Error(ErrorCode::not_found, "dataset " + quote(job.dataset_id.value_or("")) + " not found");
  }
  return *std::move(dataset);
}

EvaluationAnswer
perform(const EvaluatorService::Dependencies& with, Run& run, const evaluation::ProgressCallback& progress) {
  run.start();
  const auto& row = run.row();
  const auto job = parse_evaluator_config(row.config_json);
  const auto dataset = dataset_of(row, with.databases.get());
  const auto input = dataset_input(dataset, with.objects);
  const auto plan = evaluation::make_plan(job.request, with.resources);
  auto outcome = evaluation::evaluate(input, job.request, plan, logged(run.log(), progress));
  for (const auto& warning : outcome.warnings) {
    run.log().line("warning: " + warning);
  }
  if (outcome.usable == 0) {
    throw Error(ErrorCode::failure, "none of the " + std::to_string(outcome.rows) + " samples could be scored");
  }
  const auto parameters = evaluator_parameters_json(job,
                                                    {row.id,
                                                     object_url(dataset.storage_url, dataset.object_key),
                                                     object_url(with.objects.url_for_new(), "jobs/results")});
  const auto writer = with.objects.for_new().create(results_key(row.name, row.id));
  evaluation::write_results(*writer, outcome, input, job.request, {parameters});
  const auto lock = store::lock_objects(with.databases.home(), store::Sharing::shared);
  run.succeed(outcome, writer->commit());
  return {row.id, dataset.id, std::move(outcome)};
}

}  // namespace

evaluation::Input dataset_input(const store::DatasetRecord& dataset, store::ObjectStores& objects) {
  evaluation::Input input;
  input.name = dataset.filename;
  input.format = tabular::Format::csv;
  input.size_bytes = dataset.object_size_bytes;
  // Once is enough to find out that the object is damaged.
  input.open = [&from = objects.at(dataset.storage_url), dataset, is_verified = false]() mutable {
    const bool verify = !std::exchange(is_verified, true);
    return store::open_referenced(from, dataset.object_key, verify ? dataset.object_sha256 : std::string());
  };
  return input;
}

OwnedJob EvaluatorService::create(const EvaluatorJob& job, const store::DatasetRecord& dataset) {
  EvaluatorJob named = job;
  if (named.name.empty()) {
    named.name = default_job_name(dataset.filename);
  }
  check_secret(named);
  const auto plan = evaluation::make_plan(named.request, with_.resources);
  check_input(dataset_input(dataset, with_.objects), named.request, plan, dataset);
  store::JobRecord row;
  row.id = with_.ids.uuid();
  row.name = named.name;
  row.description = named.description;
  row.type = "evaluator";
  row.dataset_id = dataset.id;
  row.config_json = evaluator_config_json(named, dataset);
  row.created_at = with_.clock.now();
  auto& database = with_.databases.get();
  auto lock = store::JobLock::try_acquire(database.home(), row.id, with_.clock);
  if (!lock) {
    throw Error(ErrorCode::conflict, "job " + quote(row.id) + " is locked by another process");
  }
  store::JobRepository(database).insert(row);
  return {std::move(row), *std::move(lock)};
}

EvaluationAnswer EvaluatorService::run(OwnedJob job, const evaluation::ProgressCallback& progress) {
  Run run(with_, std::move(job));
  try {
    return perform(with_, run, progress);
  } catch (const Error& error) {
    run.fail(error);
    throw;
  } catch (const std::exception& error) {
    run.fail(Error(ErrorCode::failure, error.what()));
    throw;
  }
}

}  // namespace lumi::services
