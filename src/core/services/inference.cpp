#include "core/services/inference.hpp"

#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "base/temporary_file.hpp"
#include "base/text.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/inference/annotated_dataset.hpp"
#include "core/inference/rate_limiter.hpp"
#include "core/inference/results_writer.hpp"
#include "core/inference/sample_log.hpp"
#include "core/services/job_inputs.hpp"
#include "store/response_cache.hpp"

#include <algorithm>
#include <utility>

namespace lumi::services {

namespace {

using evaluation::SampleStatus;
using inference::CacheUse;

constexpr double k_notable_share = 0.05;
constexpr std::size_t k_most_logged_failures = 50;

// All that is made from a job's configuration and checked before any work.
struct Prepared {
  InferenceJob job;
  inference::SampleSpec samples;
  chat::Endpoint endpoint;
  chat::ApiKey key;
  std::optional<chat::Price> price;
};

[[noreturn]] void refuse_hf() {
  throw Error(ErrorCode::usage,
              "provider \"hf\" needs a worker that runs models on this machine, and this lumi has none",
              "serve the model (llamafile, llama.cpp, vLLM, Ollama) and give --provider hosted_vllm --base-url URL");
}

chat::KeyRequest key_request(const InferenceJob& job) {
  chat::KeyRequest request;
  request.job_name = job.body.name;
  request.secret_key_name = job.body.secret_key_name;
  request.allowed_hosts = job.allowed_hosts;
  request.plaintext = job.plaintext;
  return request;
}

std::optional<chat::Price> price_of(const InferenceService::Dependencies& with,
                                    const InferenceJob& job,
                                    const chat::Endpoint& endpoint) {
  auto price = with.load_prices().find(endpoint, job.body.model);
  if (!price && job.controls.engine.max_cost) {
    throw Error(ErrorCode::usage,
                "the price of model " + quote(job.body.model) + " is not known, so --max-cost cannot be kept",
                "'lumi model prices' lists those that are; --max-total-tokens needs none");
  }
  return price;
}

Prepared prepare(const InferenceService::Dependencies& with,
                 InferenceJob job,
                 const evaluation::Input& input,
                 std::uint64_t rows) {
  InferenceService::check_provider(job);
  if (job.body.name.empty()) {
    job.body.name = default_inference_name(job.body, input.name);
  }
  Prepared prepared;
  prepared.endpoint = chat::make_endpoint(job.body.provider, job.body.base_url);
  prepared.key = chat::find_api_key(prepared.endpoint, key_request(job), with.secrets);
  prepared.price = price_of(with, job, prepared.endpoint);
  auto& samples = prepared.samples;
  samples.input = input;
  samples.rows = rows;
  samples.prompt = chat::PromptTemplate::parse(job.prompt_template);
  samples.max_samples = job.body.max_samples;
  samples.sample_seed = job.sample_seed;
  const inference::SampleSource finds_columns(samples);
  prepared.job = std::move(job);
  return prepared;
}

Prepared
prepare(const InferenceService::Dependencies& with, InferenceJob job, const store::DatasetRecord& dataset) {
  return prepare(with, std::move(job), dataset_input(dataset, with.objects), dataset.rows);
}

chat::RequestBuilder request_builder(const Prepared& prepared) {
  const auto& job = prepared.job;
  chat::ChatSettings settings;
  settings.model = job.body.model;
  settings.generation = job.body.generation_config;
  settings.seed = job.seed;
  settings.parameters = job.parameters;
  settings.headers = job.headers;
  settings.delivery = job.controls.delivery;
  settings.limits.total = job.controls.request_timeout;
  return {prepared.endpoint, prepared.key, std::move(settings)};
}

// Whether the model's answer would be the same again.
bool is_repeatable(const InferenceJob& job) {
  const auto is_temperature = [](const chat::Parameter& parameter) { return parameter.name == "temperature"; };
  const auto found = std::find_if(job.parameters.begin(), job.parameters.end(), is_temperature);
  return found == job.parameters.end() ? job.body.generation_config.temperature == 0
                                       : parse_real(found->json) == std::optional(0.0);
}

bool uses_cache(const InferenceJob& job) {
  return job.controls.cache == CacheUse::always ||
         (job.controls.cache == CacheUse::automatic && is_repeatable(job));
}

std::string text_of(const inference::Progress& progress) {
  return std::to_string(progress.done) + " of " + std::to_string(progress.total) + " samples, " +
         std::to_string(progress.failed) + " failed, " + std::to_string(progress.in_flight) + " in flight";
}

std::string summary_json(const inference::Tally& tally, std::optional<double> cost) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("n", tally.samples.total());
  json.member("coverage", tally.samples.coverage());
  json.key("samples");
  evaluation::write_counts(json, tally.samples);
  json.key("metrics");
  inference::write_averages(json, tally);
  json.member("cost", cost);
  json.end_object();
  return sink.text();
}

std::vector<std::string> warnings_of(const inference::Tally& tally, const chat::RequestBuilder& builder) {
  std::vector<std::string> warnings;
  for (const auto& adjustment : builder.adjustments()) {
    warnings.push_back("parameter " + quote(adjustment.parameter) +
                       (adjustment.sent_as.empty() ? " was left out" : " was sent as " + quote(adjustment.sent_as)) +
                       ": " + builder.endpoint().provider_name + " does not take it");
  }
  for (const auto status : {SampleStatus::empty, SampleStatus::truncated}) {
    if (tally.samples.share(status) > k_notable_share) {
      warnings.push_back(std::to_string(tally.samples.of(status)) + " of " + std::to_string(tally.samples.total()) +
                         " answers are " + std::string(evaluation::to_text(status)));
    }
  }
  return warnings;
}

std::string most_common(const std::map<std::string, std::uint64_t>& errors) {
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  const auto found = std::max_element(errors.begin(), errors.end(), fewer);
  return found == errors.end() ? "" : " (mostly " + found->first + ")";
}

// One run of a job, from its journal to its results.
class InferenceRun {
public:
  InferenceRun(const InferenceService::Dependencies& with, JobRun& run, const ResumeOptions& options)
      : with_(with), run_(run), dataset_(dataset_of_job(run.row(), with.databases.get())),
        prepared_(prepare(with, parse_inference_config(run.row().config_json), dataset_)),
        builder_(request_builder(prepared_)),
        log_(store::Journal::path_in(run.folder()),
             prepared_.samples.selection().size(),
             options.asked_again,
             prepared_.price) {}

  InferenceAnswer perform(const inference::ProgressCallback& progress) {
    const auto started = with_.steady.now().microseconds;
    ask(progress);
    seconds_ = static_cast<double>(with_.steady.now().microseconds - started) / 1e6;
    const auto writer = with_.objects.for_new().create(results_key(run_.row().name, run_.row().id));
    const auto tally = write_results(*writer);
    InferenceAnswer answer;
    answer.job_id = run_.row().id;
    answer.samples = tally.samples;
    answer.warnings = warnings_of(tally, builder_);
    if (tally.samples.of(SampleStatus::error) + tally.samples.of(SampleStatus::refused) > 0) {
      answer.verdict = ErrorCode::partial;
    }
    if (prepared_.job.body.store_to_dataset) {
      answer.dataset_id = keep_dataset();
    }
    for (const auto& warning : answer.warnings) {
      run_.log().line("warning: " + warning);
    }
    run_.succeed(*writer, {summary_json(tally, cost()), answer.verdict});
    return answer;
  }

private:
  void ask(const inference::ProgressCallback& progress) {
    if (log_.counts().total() == log_.size()) {
      return;
    }
    const auto client = with_.make_client();
    std::optional<store::ResponseCache> cache;
    if (uses_cache(prepared_.job)) {
      cache.emplace(with_.databases.home());
    }
    std::optional<inference::RateLimiter> limiter;
    const auto& rates = prepared_.job.controls.rates;
    if (rates.requests_per_minute || rates.tokens_per_minute) {
      const auto bucket = sha256_hex(prepared_.endpoint.url + '\n' + prepared_.key.value).substr(0, 32);
      limiter.emplace(with_.databases.home().path() / "limits", bucket, rates, with_.steady);
    }
    inference::EngineParts parts{*client, builder_, log_, nullptr, nullptr, {}, with_.steady, with_.clock, {}, {}};
    parts.cache = cache ? &*cache : nullptr;
    parts.limiter = limiter ? &*limiter : nullptr;
    parts.price = prepared_.price;
    parts.random = with_.random;
    parts.on_failure = [this](const inference::SampleRecord& record) { log_failure(record); };
    inference::Engine engine(parts, prepared_.job.controls.engine, prepared_.job.body.system_prompt);
    const auto stopped = engine.run(prepared_.samples, [&](const inference::Progress& now) {
      run_.progress([&now] { return text_of(now); });
      if (progress) {
        progress(now);
      }
    });
    if (stopped) {
      throw *stopped;
    }
  }

  void log_failure(const inference::SampleRecord& record) {
    if (++failures_ <= k_most_logged_failures) {
      run_.log().line("row " + std::to_string(record.row) + " " +
                      std::string(evaluation::to_text(record.status)) + ": " + escape_control(record.error));
    }
  }

  inference::Tally write_results(ByteSink& sink) {
    const auto parameters =
        inference_parameters_json(prepared_.job,
                                  {run_.row().id,
                                   object_url(dataset_.storage_url, dataset_.object_key),
                                   object_url(with_.objects.url_for_new(), "jobs/results")});
    inference::ResultsExtras extras;
    extras.parameters_json = parameters;
    extras.model = prepared_.job.body.model;
    extras.output_field = prepared_.job.body.output_field;
    extras.adjustments = builder_.adjustments();
    extras.seed = prepared_.job.seed;
    extras.cost = cost();
    extras.seconds = seconds_;
    auto tally = inference::write_results(sink, log_, prepared_.samples, extras);
    if (tally.samples.coverage() == 0) {
      throw Error(ErrorCode::failure,
                  "none of the " + std::to_string(tally.samples.total()) + " samples has an answer" +
                      most_common(tally.errors),
                  "'lumi job logs " + run_.row().id.substr(0, 8) + "' shows why");
    }
    return tally;
  }

  std::string keep_dataset() {
    TemporaryFile file;
    TemporaryFileSink file_sink(file);
    BufferedSink buffered(file_sink);
    inference::write_annotated_csv(buffered, log_, prepared_.samples, prepared_.job.body.output_field);
    buffered.flush();
    CreateOptions options;
    options.filename = inference::annotated_filename(dataset_.filename);
    options.required_columns = {};
    options.run_id = run_.row().id;
    options.generated = true;
    options.generated_by = prepared_.job.body.model;
    TemporaryFileSource source(std::make_shared<const TemporaryFile>(std::move(file)));
    return with_.datasets.create(source, options).dataset.id;
  }

  std::optional<double> cost() const {
    return prepared_.price ? std::optional(log_.spending().cost) : std::nullopt;
  }

  const InferenceService::Dependencies& with_;
  JobRun& run_;
  store::DatasetRecord dataset_;
  Prepared prepared_;
  chat::RequestBuilder builder_;
  inference::SampleLog log_;
  double seconds_ = 0;
  std::size_t failures_ = 0;
};

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

}  // namespace

OwnedJob InferenceService::create(const InferenceJob& job, const store::DatasetRecord& dataset) {
  const auto prepared = prepare(with_, job, dataset);
  if (!prepared.key.notice.empty()) {
    log_warn(prepared.key.notice);
  }
  store::JobRecord row;
  row.id = with_.ids.uuid();
  row.name = prepared.job.body.name;
  row.description = prepared.job.body.description;
  row.type = prepared.job.body.job_type;
  row.dataset_id = dataset.id;
  row.config_json = inference_config_json(prepared.job, dataset);
  row.created_at = with_.clock.now();
  return keep_job(with_.databases, std::move(row), with_.clock);
}

void InferenceService::check_provider(const InferenceJob& job) {
  if (job.body.provider == "hf") {
    refuse_hf();
  }
}

bool InferenceService::has_work(const store::JobRecord& row, const ResumeOptions& options) {
  if (row.status == "succeeded" && !has_any(with_.databases.home().job_folder(row.id), options.asked_again)) {
    return false;
  }
  prepare(with_, parse_inference_config(row.config_json), dataset_of_job(row, with_.databases.get()));
  return true;
}

InferencePlan
InferenceService::plan(const InferenceJob& job, const evaluation::Input& input, std::uint64_t rows) {
  const auto prepared = prepare(with_, job, input, rows);
  InferencePlan plan;
  plan.provider = job.body.provider;
  plan.base_url = prepared.endpoint.base_url;
  plan.model = job.body.model;
  const auto system_tokens = job.body.system_prompt ? chat::estimate_tokens(*job.body.system_prompt) : 0;
  inference::SampleSource source(prepared.samples);
  for (inference::SampleInput sample; source.next(sample);) {
    ++plan.rows;
    plan.prompt_tokens += system_tokens + chat::estimate_tokens(source.prompt());
  }
  plan.max_completion_tokens =
      static_cast<std::int64_t>(plan.rows) * job.body.generation_config.max_new_tokens;
  if (prepared.price) {
    chat::Usage usage;
    usage.prompt_tokens = plan.prompt_tokens;
    usage.completion_tokens = 0;
    plan.least_cost = chat::cost_of(*prepared.price, usage);
    usage.completion_tokens = plan.max_completion_tokens;
    plan.most_cost = chat::cost_of(*prepared.price, usage);
    plan.price_origin = prepared.price->origin;
  }
  plan.least_seconds = least_seconds(plan, job.controls.rates);
  return plan;
}

InferenceAnswer
InferenceService::run(OwnedJob job, const ResumeOptions& options, const inference::ProgressCallback& progress) {
  JobRun run({with_.databases, with_.objects, with_.clock, with_.exit_code_of}, std::move(job));
  return run_job(run, [&] { return InferenceRun(with_, run, options).perform(progress); });
}

}  // namespace lumi::services
