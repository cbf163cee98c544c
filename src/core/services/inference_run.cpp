#include "core/services/inference_run.hpp"

#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "base/sha256.hpp"
#include "base/temporary_file.hpp"
#include "base/text.hpp"
#include "core/evaluation/results_writer.hpp"
#include "core/inference/annotated_dataset.hpp"
#include "core/inference/rate_limiter.hpp"
#include "core/inference/recording.hpp"
#include "core/inference/results_writer.hpp"
#include "core/inference/sample_log.hpp"
#include "core/services/inference_setup.hpp"
#include "core/services/inference_worker.hpp"
#include "core/services/job_inputs.hpp"
#include "core/worker/worker_http_client.hpp"
#include "store/response_cache.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

namespace lumi::services {

namespace {

using evaluation::SampleStatus;

constexpr double k_notable_share = 0.05;
constexpr std::size_t k_most_logged_failures = 50;

std::string text_of(const inference::Progress& progress) {
  return std::to_string(progress.done) + " of " + std::to_string(progress.total) + " samples, " +
         std::to_string(progress.failed) + " failed, " + std::to_string(progress.in_flight) + " in flight";
}

std::string summary_json(const inference::Tally& tally, std::optional<double> cost) {
  TextSink sink;
  JsonWriter json(sink);
  json.begin_object();
  json.member("n", tally.samples.total());
  evaluation::write_coverage(json, tally.samples);
  json.key("metrics");
  inference::write_averages(json, tally);
  json.member("cost", cost);
  json.member("latency_p95_ms", tally.latency.percentile_ms(0.95));
  json.end_object();
  return sink.text();
}

std::vector<std::string> warnings_of(const inference::Tally& tally, const InferenceSetup& setup) {
  std::vector<std::string> warnings;
  if (!setup.key.notice.empty()) {
    warnings.push_back(setup.key.notice);
  }
  for (const auto& parameter : tally.left_out) {
    const auto equals = parameter.find('=');
    warnings.push_back(
        "parameter " + quote(parameter.substr(0, equals)) +
        (equals == std::string::npos ? " was left out" : " was sent as " + quote(parameter.substr(equals + 1))) + ": " +
        setup.endpoint.provider_name + " does not take it");
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
        setup_(set_up_inference(with.sources,
                                parse_inference_config(run.row().config_json),
                                dataset_input(dataset_, with.objects),
                                dataset_.rows)),
        builder_(request_builder(setup_)), log_(store::Journal::path_in(run.folder()),
                                                setup_.samples.selection().size(),
                                                options.asked_again,
                                                setup_.price) {
    log_.set_guard([this] { run_.check_owned(); });
  }

  InferenceAnswer perform(const inference::ProgressCallback& progress) {
    const auto started = with_.steady.now().microseconds;
    ask(progress);
    seconds_ = static_cast<double>(with_.steady.now().microseconds - started) / 1e6;
    const auto writer = with_.objects.for_new().create(results_key(run_.row().name, run_.row().id));
    const auto tally = write_results(*writer);
    InferenceAnswer answer;
    answer.job_id = run_.row().id;
    answer.samples = tally.samples;
    answer.warnings = warnings_of(tally, setup_);
    if (tally.samples.of(SampleStatus::error) + tally.samples.of(SampleStatus::refused) > 0) {
      answer.verdict = ErrorCode::partial;
    }
    if (setup_.job.body.store_to_dataset || setup_.job.answers_dataset) {
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
    const auto client = make_client();
    std::optional<store::ResponseCache> cache;
    if (uses_cache(setup_.job)) {
      cache.emplace(with_.databases.home());
    }
    std::optional<inference::RateLimiter> limiter;
    const auto& rates = setup_.job.controls.rates;
    // Without limits of our own it passes on what the endpoint says, from one process to all.
    if (rates.requests_per_minute || rates.tokens_per_minute || !is_local()) {
      const auto bucket = sha256_hex(setup_.endpoint.url + '\n' + setup_.key.value).substr(0, 32);
      limiter.emplace(with_.databases.home().path() / "limits", bucket, rates, with_.steady);
    }
    inference::EngineParts parts{*client, builder_, log_, nullptr, nullptr, {}, with_.steady, with_.clock, {}, {}, {}};
    parts.cache = cache ? &*cache : nullptr;
    parts.limiter = limiter ? &*limiter : nullptr;
    parts.price = setup_.price;
    parts.random = with_.random;
    parts.on_failure = [this](const inference::SampleRecord& record) { log_failure(record); };
    parts.before_turn = [this] { run_.check_owned(); };
    inference::Engine engine(parts, engine_settings(), setup_.job.body.system_prompt);
    const auto stopped = engine.run(setup_.samples, [&](const inference::Progress& now) {
      run_.progress([&now] { return text_of(now); });
      if (progress) {
        progress(now);
      }
    });
    if (stopped) {
      throw *stopped;
    }
  }

  // Whether nobody is asked who could have limits.
  bool is_local() const { return uses_worker(setup_.job) || !setup_.job.controls.replay.empty(); }

  std::unique_ptr<net::HttpClient> make_client() {
    const auto& controls = setup_.job.controls;
    if (!controls.replay.empty()) {
      return std::make_unique<inference::ReplayClient>(controls.replay);
    }
    auto client = make_live_client();
    return controls.record.empty() ? std::move(client)
                                   : std::make_unique<inference::RecordingClient>(std::move(client), controls.record);
  }

  std::unique_ptr<net::HttpClient> make_live_client() {
    if (!uses_worker(setup_.job)) {
      return with_.make_client();
    }
    auto settings = worker_settings(with_.sources, setup_);
    settings.on_log = [this](std::string_view line) {
      run_.log().line("worker: " + redact(escape_control(to_valid_utf8(line))));
    };
    return std::make_unique<worker::WorkerHttpClient>(std::move(settings));
  }

  inference::EngineSettings engine_settings() const {
    auto settings = setup_.job.controls.engine;
    if (uses_worker(setup_.job) && setup_.job.controls.replay.empty() && settings.concurrency.automatic) {
      // It takes so many at a time: there is nothing to find out.
      settings.concurrency = {worker_settings(with_.sources, setup_).max_in_flight, false};
    }
    return settings;
  }

  void log_failure(const inference::SampleRecord& record) {
    run_.check_owned();
    if (++failures_ <= k_most_logged_failures) {
      run_.log().line("row " + std::to_string(record.row) + " " + std::string(evaluation::to_text(record.status)) +
                      ": " + escape_control(record.error));
    }
  }

  inference::Tally write_results(ByteSink& sink) {
    const auto parameters = inference_parameters_json(
        setup_.job,
        {run_.row().id,
         object_url(dataset_.storage_url, dataset_.object_key),
         object_url(with_.objects.url_for_new(), results_key(run_.row().name, run_.row().id))});
    inference::ResultsExtras extras;
    extras.parameters_json = parameters;
    extras.model = setup_.job.body.model;
    extras.output_field = setup_.job.body.output_field;
    extras.seed = setup_.job.seed;
    extras.cost = cost();
    extras.seconds = seconds_;
    auto tally = inference::write_results(sink, log_, setup_.samples, extras);
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
    run_.check_owned();
    BufferedSink buffered(file_sink);
    inference::write_annotated_csv(buffered, log_, setup_.samples, setup_.job.body.output_field);
    buffered.flush();
    CreateOptions options;
    const auto& chosen = setup_.job.answers_dataset;
    options.filename = chosen ? chosen->filename : inference::annotated_filename(dataset_.filename);
    options.required_columns = {};
    options.run_id = run_.row().id;
    options.reuse = Reuse::yes;  // the attempt before may have ended between this and its last word
    options.generated = !chosen || chosen->generated;
    options.generated_by = setup_.job.body.model;
    TemporaryFileSource source(std::make_shared<const TemporaryFile>(std::move(file)));
    return with_.datasets.create(source, options).dataset.id;
  }

  std::optional<double> cost() const { return setup_.price ? std::optional(log_.spending().cost) : std::nullopt; }

  const InferenceService::Dependencies& with_;
  JobRun& run_;
  store::DatasetRecord dataset_;
  InferenceSetup setup_;
  chat::RequestBuilder builder_;
  inference::SampleLog log_;
  double seconds_ = 0;
  std::size_t failures_ = 0;
};

}  // namespace

InferenceAnswer perform_inference(const InferenceService::Dependencies& with,
                                  JobRun& run,
                                  const ResumeOptions& options,
                                  const inference::ProgressCallback& progress) {
  return InferenceRun(with, run, options).perform(progress);
}

}  // namespace lumi::services
