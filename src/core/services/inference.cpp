#include "core/services/inference.hpp"

#include "base/text.hpp"
#include "core/inference/recording.hpp"
#include "core/inference/sample_record.hpp"
#include "core/services/inference_run.hpp"
#include "core/services/inference_setup.hpp"
#include "core/services/inference_worker.hpp"
#include "core/services/job_inputs.hpp"
#include "store/journal.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace lumi::services {

namespace {

using evaluation::SampleStatus;

// Whether a job's journal has a sample that ended with one of `statuses`, as far as the last word on it goes.
bool has_any(const std::filesystem::path& folder, const std::vector<SampleStatus>& statuses) {
  std::map<std::uint64_t, bool> is_wanted;  // only of samples that ever were
  store::read_journal(store::Journal::path_in(folder), [&](const store::JournalEntry& entry) {
    const auto record = inference::parse_sample_record(entry.json);
    const bool wanted = std::find(statuses.begin(), statuses.end(), record.status) != statuses.end();
    if (wanted || is_wanted.contains(record.sample)) {
      is_wanted[record.sample] = wanted;
    }
  });
  return std::any_of(is_wanted.begin(), is_wanted.end(), [](const auto& sample) { return sample.second; });
}

// The least time that the rate limits leave for `plan`.
std::optional<double> least_seconds(const InferencePlan& plan, const inference::RateLimits& rates) {
  std::optional<double> seconds;
  const auto at_least = [&](std::optional<std::int64_t> a_minute, double count) {
    if (a_minute) {
      seconds = std::max(seconds.value_or(0), count * 60.0 / static_cast<double>(*a_minute));
    }
  };
  at_least(rates.requests_per_minute, static_cast<double>(plan.rows));
  at_least(rates.tokens_per_minute, static_cast<double>(plan.prompt_tokens));
  return seconds;
}

// A new job's recording starts with it; only one that is resumed goes on with a file.
void check_new(const std::filesystem::path& recording) {
  std::error_code unknown;
  if (std::filesystem::exists(recording, unknown)) {
    throw Error(ErrorCode::conflict, quote(recording.string()) + " exists", "name another file, or remove it");
  }
}

std::optional<Error> find_key_problem(const InferenceSources& sources, const InferenceSetup& setup) {
  try {
    key_for(sources, setup);
    return std::nullopt;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::credentials) {
      throw;
    }
    return error;
  }
}

}  // namespace

void InferenceService::check_provider(const InferenceJob& job) {
  if (!job.controls.replay.empty()) {
    const inference::ReplayClient is_good(job.controls.replay);
  } else if (!has_worker_) {
    check_worker(with_.sources, job);
    has_worker_ = uses_worker(job);
  }
}

OwnedJob InferenceService::create(const InferenceJob& job, const store::DatasetRecord& dataset, const JobPlace& place) {
  check_provider(job);
  check_new(job.controls.record);
  const auto setup = set_up_inference(with_.sources, job, dataset_input(dataset, with_.objects), dataset.rows);
  store::JobRecord row;
  row.id = with_.ids.uuid();
  row.name = setup.job.body.name;
  row.description = setup.job.body.description;
  row.type = setup.job.body.job_type;
  row.experiment_id = place.experiment_id;
  row.workflow_id = place.workflow_id;
  row.dataset_id = dataset.id;
  row.config_json = inference_config_json(setup.job, dataset);
  row.created_at = with_.clock.now();
  return keep_job(with_.databases, std::move(row), with_.clock);
}

inference::SampleSpec InferenceService::check(const InferenceJob& job,
                                              const store::DatasetRecord& dataset,
                                              const std::string& purpose,
                                              KeyCheck key_check) {
  check_provider(job);
  auto setup = set_up_without_key(with_.sources, job, dataset_input(dataset, with_.objects), dataset.rows);
  if (key_check == KeyCheck::yes) {
    key_for(with_.sources, setup, purpose);
  }
  return std::move(setup.samples);
}

bool InferenceService::has_work(const store::JobRecord& row, const ResumeOptions& options, KeyCheck key_check) {
  if (row.status == "succeeded" && !has_any(with_.databases.home().job_folder(row.id), options.asked_again)) {
    return false;
  }
  const auto dataset = dataset_of_job(row, with_.databases.get());
  check(parse_inference_config(row.config_json), dataset, {}, key_check);
  return true;
}

InferencePlan InferenceService::plan(const InferenceJob& job, const evaluation::Input& input, std::uint64_t rows) {
  check_provider(job);
  const auto setup = set_up_without_key(with_.sources, job, input, rows);
  InferencePlan plan;
  plan.key_problem = find_key_problem(with_.sources, setup);
  plan.provider = job.body.provider;
  plan.base_url = setup.endpoint.base_url;
  plan.model = job.body.model;
  const auto system_tokens = job.body.system_prompt ? chat::estimate_prompt_tokens(*job.body.system_prompt) : 0;
  inference::SampleSource source(setup.samples);
  for (inference::SampleInput sample; source.next(sample);) {
    ++plan.rows;
    plan.prompt_tokens += system_tokens + chat::estimate_prompt_tokens(source.prompt());
  }
  plan.max_completion_tokens = static_cast<std::int64_t>(plan.rows) * job.body.generation_config.max_new_tokens;
  if (setup.price) {
    chat::Usage usage;
    usage.prompt_tokens = plan.prompt_tokens;
    usage.completion_tokens = 0;
    plan.least_cost = chat::cost_of(*setup.price, usage);
    usage.completion_tokens = plan.max_completion_tokens;
    plan.most_cost = chat::cost_of(*setup.price, usage);
    plan.price_origin = setup.price->origin;
  }
  plan.least_seconds = least_seconds(plan, job.controls.rates);
  return plan;
}

InferenceAnswer
InferenceService::run(OwnedJob job, const ResumeOptions& options, const inference::ProgressCallback& progress) {
  JobRun run({with_.databases, with_.objects, with_.clock, with_.exit_code_of}, std::move(job));
  return run_job(run, [&] { return perform_inference(with_, run, options, progress); });
}

}  // namespace lumi::services
