#include "core/services/evaluator.hpp"

#include "base/environment.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "core/evaluation/missing_rows.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/evaluation/sample_reader.hpp"
#include "store/repositories/dataset_repository.hpp"

#include <algorithm>
#include <utility>

namespace lumi::services {

namespace {

// A secret must be there although no metric computed on this machine uses it: Lumigator refuses such a job, too.
void check_secret(const EvaluatorService::Dependencies& with, const EvaluatorJob& job) {
  if (job.secret_key_name.value_or("").empty() || (with.has_secret && with.has_secret(*job.secret_key_name))) {
    return;
  }
  auto variable = *job.secret_key_name;
  std::transform(variable.begin(), variable.end(), variable.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  if (!variable.ends_with("_API_KEY") || !secret_environment(variable.c_str())) {
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
  evaluation::write_coverage(json, outcome.samples);
  json.key("metrics");
  evaluation::write_means(json, outcome);
  json.key("signatures");
  evaluation::write_signatures(json, outcome);
  json.end_object();
  return sink.text();
}

// Says now and then in the log how far the job is.
evaluation::ProgressCallback logged(JobRun& run, const evaluation::ProgressCallback& progress) {
  return [&run, &progress](const evaluation::Progress& now) {
    run.progress([&now] { return std::to_string(now.rows) + " rows scored"; });
    if (progress) {
      progress(now);
    }
  };
}

EvaluationAnswer
perform(const EvaluatorService::Dependencies& with, JobRun& run, const evaluation::ProgressCallback& progress) {
  const auto& row = run.row();
  const auto job = parse_evaluator_config(row.config_json);
  const auto dataset = dataset_of_job(row, with.databases.get());
  const auto input = dataset_input(dataset, with.objects);
  const auto plan = evaluation::make_plan(job.request, with.resources);
  auto outcome = evaluation::evaluate(input, job.request, plan, logged(run, progress));
  for (const auto& warning : outcome.warnings) {
    run.log().line("warning: " + warning);
  }
  if (outcome.usable == 0) {
    throw Error(ErrorCode::failure, "none of the " + std::to_string(outcome.rows) + " samples could be scored");
  }
  const auto parameters =
      evaluator_parameters_json(job,
                                {row.id,
                                 object_url(dataset.storage_url, dataset.object_key),
                                 object_url(with.objects.url_for_new(), results_key(row.name, row.id))});
  const auto writer = with.objects.for_new().create(results_key(row.name, row.id));
  evaluation::write_results(*writer, outcome, input, job.request, {parameters});
  run.succeed(*writer, {summary_json(outcome), evaluation::verdict(outcome)});
  return {row.id, dataset.id, std::move(outcome)};
}

}  // namespace

OwnedJob EvaluatorService::create(const EvaluatorJob& job, const store::DatasetRecord& dataset, const JobPlace& place) {
  EvaluatorJob named = job;
  if (named.name.empty()) {
    named.name = default_job_name(dataset.filename);
  }
  check_secret(with_, named);
  const auto plan = evaluation::make_plan(named.request, with_.resources);
  check_input(dataset_input(dataset, with_.objects), named.request, plan, dataset);
  store::JobRecord row;
  row.id = with_.ids.uuid();
  row.name = named.name;
  row.description = named.description;
  row.type = "evaluator";
  row.experiment_id = place.experiment_id;
  row.workflow_id = place.workflow_id;
  row.dataset_id = dataset.id;
  row.config_json = evaluator_config_json(named, dataset);
  row.created_at = with_.clock.now();
  return keep_job(with_.databases, std::move(row), with_.clock);
}

void EvaluatorService::check_ahead(const EvaluatorJob& job,
                                   const inference::SampleSpec& samples,
                                   const store::DatasetRecord& dataset) {
  const auto plan = evaluation::make_plan(job.request, with_.resources);
  if (!plan.needs(metrics::Input::reference) || job.request.missing_references == evaluation::MissingReferences::skip ||
      dataset.ground_truth) {
    return;
  }
  inference::SampleSource source(samples);
  if (!source.has_ground_truth()) {
    throw Error(ErrorCode::invalid_input,
                quote(dataset.filename) + " has no column \"ground_truth\", which the metrics compare with",
                "make one with 'lumi job create annotate', or choose metrics that need none");
  }
  evaluation::MissingRows missing;
  for (inference::SampleInput sample; source.next(sample);) {
    if (is_blank(sample.ground_truth.value_or(std::string_view()))) {
      missing.add(sample.row);
    }
  }
  missing.refuse_if_any(dataset.filename);
}

void EvaluatorService::check(const store::JobRecord& row) {
  const auto job = parse_evaluator_config(row.config_json);
  check_secret(with_, job);
  const auto dataset = dataset_of_job(row, with_.databases.get());
  const auto plan = evaluation::make_plan(job.request, with_.resources);
  check_input(dataset_input(dataset, with_.objects), job.request, plan, dataset);
}

EvaluationAnswer EvaluatorService::run(OwnedJob job, const evaluation::ProgressCallback& progress) {
  JobRun run({with_.databases, with_.objects, with_.clock, with_.exit_code_of}, std::move(job));
  return run_job(run, [&] { return perform(with_, run, progress); });
}

}  // namespace lumi::services
