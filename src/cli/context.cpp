#include "cli/context.hpp"

#include "base/environment.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/exit_code.hpp"
#include "core/services/baseline.hpp"
#include "core/services/dataset.hpp"
#include "core/services/evaluation_lookup.hpp"
#include "core/services/evaluator.hpp"
#include "core/services/experiment.hpp"
#include "core/services/inference.hpp"
#include "core/services/job.hpp"
#include "core/services/job_control.hpp"
#include "core/services/run.hpp"
#include "core/services/secret.hpp"
#include "core/services/workflow.hpp"
#include "core/services/workflow_control.hpp"
#include "core/services/workflow_removal.hpp"
#include "core/services/workflow_run.hpp"
#include "core/worker/worker_program.hpp"
#include "net/curl_http_client.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/home.hpp"

#include <random>

namespace lumi::cli {

struct Context::Parts {
  std::optional<store::DatabaseProvider> databases;
  std::optional<store::ObjectStores> objects;
  std::optional<services::DatasetService> datasets;
  std::optional<services::JobService> jobs;
  std::optional<services::JobControlService> job_control;
  std::optional<services::EvaluatorService> evaluator;
  std::optional<services::InferenceService> inference;
  std::optional<services::SecretService> secrets;
  std::optional<services::WorkflowService> workflows;
  std::optional<services::WorkflowControlService> workflow_control;
  std::optional<services::WorkflowRemovalService> workflow_removal;
  std::optional<services::WorkflowRunService> workflow_run;
  std::optional<services::ExperimentService> experiments;
  std::optional<services::RunService> runs;
  std::optional<services::EvaluationLookup> evaluations;
  std::optional<services::BaselineService> baselines;
};

namespace {

/// The XDG folder `name` names, or `otherwise` in the user's folder.
std::filesystem::path xdg_folder(const char* name, const char* otherwise) {
  if (const auto folder = environment(name)) {
    return *folder;
  }
  return std::filesystem::path(environment("HOME").value_or("/")) / otherwise;
}

constexpr std::size_t k_most_candidates = 200;

template <class Record>
std::vector<Candidate> candidates_of(const std::vector<Record>& records, std::string (*describe)(const Record&)) {
  std::vector<Candidate> candidates;
  for (const auto& record : records) {
    candidates.push_back({record.id, describe(record)});
  }
  return candidates;
}

}  // namespace

Context::Context(Streams& streams, const GlobalOptions& options)
    : streams_(streams), options_(options), settings_(config::Settings::default_file()),
      passphrase_(std::make_unique<secrets::Passphrase>([this](const auto& question) { return ask_secret(question); })),
      parts_(std::make_unique<Parts>()) {
  if (options.color != "auto") {
    settings_.override_with_flag("color", options.color);
  }
  if (options.home) {
    settings_.override_with_flag("home", *options.home);
  }
  if (options.storage) {
    settings_.override_with_flag("storage", *options.storage);
  }
}

Context::~Context() = default;

ViewSettings Context::view() const {
  return {options_.json, options_.header ? HeaderLine::yes : HeaderLine::no, clock_.now()};
}

store::DatabaseProvider& Context::databases() {
  if (!parts_->databases) {
    const auto home = settings_.get("home").value;
    parts_->databases.emplace(
        store::Home(home.empty() ? xdg_folder("XDG_DATA_HOME", ".local/share") / "lumi" : std::filesystem::path(home)));
  }
  return *parts_->databases;
}

const store::Home& Context::home() { return databases().home(); }

store::ObjectStores& Context::objects() {
  if (!parts_->objects) {
    parts_->objects.emplace(settings_.get("storage").value, home());
  }
  return *parts_->objects;
}

metrics::Resources Context::metric_resources() const {
  return {settings_.get("metrics.wordnet_dir").value,
          settings_.get("metrics.nltk_data_dir").value,
          xdg_folder("XDG_CACHE_HOME", ".cache") / "lumi"};
}

services::DatasetService& Context::datasets() {
  if (!parts_->datasets) {
    parts_->datasets.emplace(services::DatasetService::Dependencies{databases(), objects(), clock_, ids_});
  }
  return *parts_->datasets;
}

services::JobService& Context::jobs() {
  if (!parts_->jobs) {
    services::JobService::Dependencies with{databases(), objects(), clock_};
    with.max_memory = settings_.get_size("evaluation.max_memory").value_or(with.max_memory);
    parts_->jobs.emplace(with);
  }
  return *parts_->jobs;
}

services::JobControlService& Context::job_control() {
  if (!parts_->job_control) {
    parts_->job_control.emplace(services::JobControlService::Dependencies{databases(), objects(), clock_});
  }
  return *parts_->job_control;
}

services::EvaluatorService& Context::evaluator() {
  if (!parts_->evaluator) {
    parts_->evaluator.emplace(
        services::EvaluatorService::Dependencies{databases(),
                                                 objects(),
                                                 metric_resources(),
                                                 clock_,
                                                 ids_,
                                                 [](ErrorCode code) { return static_cast<int>(exit_code_of(code)); },
                                                 [this](const std::string& name) { return secrets().has(name); }});
  }
  return *parts_->evaluator;
}

services::InferenceService& Context::inference() {
  if (!parts_->inference) {
    parts_->inference.emplace(
        services::InferenceService::Dependencies{databases(),
                                                 objects(),
                                                 datasets(),
                                                 clock_,
                                                 steady_,
                                                 ids_,
                                                 [](ErrorCode code) { return static_cast<int>(exit_code_of(code)); },
                                                 [] { return std::make_unique<net::CurlHttpClient>(); },
                                                 {[this] { return chat::PriceTable::load(settings_); },
                                                  [this](const std::string& name) { return secrets().find(name); },
                                                  [this](const std::string& provider, const std::string& token) {
                                                    return worker::find_worker(provider, settings_, token);
                                                  }},
                                                 [random = std::minstd_rand(std::random_device()())]() mutable {
                                                   return std::uniform_real_distribution<double>(0, 1)(random);
                                                 }});
  }
  return *parts_->inference;
}

services::SecretService& Context::secrets() {
  if (!parts_->secrets) {
    parts_->secrets.emplace(services::SecretService::Dependencies{
        databases(), clock_, secrets::UserKeys(settings_.file().parent_path()), *passphrase_});
  }
  return *parts_->secrets;
}

services::WorkflowService& Context::workflows() {
  if (!parts_->workflows) {
    parts_->workflows.emplace(services::WorkflowService::Dependencies{databases(), objects(), clock_});
  }
  return *parts_->workflows;
}

services::WorkflowControlService& Context::workflow_control() {
  if (!parts_->workflow_control) {
    parts_->workflow_control.emplace(services::WorkflowControlService::Dependencies{databases(), clock_});
  }
  return *parts_->workflow_control;
}

services::WorkflowRemovalService& Context::workflow_removal() {
  if (!parts_->workflow_removal) {
    parts_->workflow_removal.emplace(services::WorkflowRemovalService::Dependencies{
        databases(), objects(), workflow_control(), job_control(), clock_});
  }
  return *parts_->workflow_removal;
}

services::WorkflowRunService& Context::workflow_run() {
  if (!parts_->workflow_run) {
    parts_->workflow_run.emplace(services::WorkflowRunService::Dependencies{
        databases(),
        objects(),
        datasets(),
        inference(),
        evaluator(),
        job_control(),
        workflow_control(),
        clock_,
        ids_,
        [](ErrorCode code) { return static_cast<int>(exit_code_of(code)); }});
  }
  return *parts_->workflow_run;
}

services::ExperimentService& Context::experiments() {
  if (!parts_->experiments) {
    parts_->experiments.emplace(
        services::ExperimentService::Dependencies{databases(), workflow_removal(), clock_, ids_});
  }
  return *parts_->experiments;
}

services::RunService& Context::runs() {
  if (!parts_->runs) {
    parts_->runs.emplace(services::RunService::Dependencies{
        databases(), experiments(), workflow_control(), workflow_run(), inference(), evaluator(), jobs(), clock_});
  }
  return *parts_->runs;
}

services::EvaluationLookup& Context::evaluations() {
  if (!parts_->evaluations) {
    parts_->evaluations.emplace(
        services::EvaluationLookup::Dependencies{databases(), jobs(), workflows(), experiments()});
  }
  return *parts_->evaluations;
}

services::BaselineService& Context::baselines() {
  if (!parts_->baselines) {
    parts_->baselines.emplace(services::BaselineService::Dependencies{databases(), jobs(), evaluations(), clock_});
  }
  return *parts_->baselines;
}

void Context::close_store() { parts_ = std::make_unique<Parts>(); }

std::vector<Candidate> Context::live_candidates(Completes what) {
  try {
    if (what == Completes::job) {
      services::JobFilter filter;
      filter.limit = k_most_candidates;
      return candidates_of<store::JobRecord>(
          jobs().list(filter).items, [](const store::JobRecord& job) { return job.name + " (" + job.status + ")"; });
    }
    if (what == Completes::secret) {
      std::vector<Candidate> names;
      for (const auto& secret : secrets().list({0, k_most_candidates}).items) {
        names.push_back({secret.name, secret.description});
      }
      return names;
    }
    if (what == Completes::experiment) {
      return candidates_of<store::ExperimentRecord>(
          experiments().list({0, k_most_candidates}).items,
          [](const store::ExperimentRecord& experiment) { return experiment.name; });
    }
    if (what == Completes::workflow) {
      return candidates_of<store::WorkflowRecord>(
          workflows().list({}, {0, k_most_candidates}).items,
          [](const store::WorkflowRecord& workflow) { return workflow.name + " (" + workflow.status + ")"; });
    }
    return candidates_of<store::DatasetRecord>(datasets().list({0, k_most_candidates}).items,
                                               [](const store::DatasetRecord& dataset) { return dataset.filename; });
  } catch (const Error&) {  // completion must never disturb what is being typed
    return {};
  }
}

bool Context::confirm(const std::string& question) {
  if (options_.yes) {
    return true;
  }
  if (streams_.in_terminal() == Terminal::no || streams_.err_terminal() == Terminal::no) {
    throw Error(ErrorCode::usage, "this needs a confirmation", "give --yes where nobody can be asked");
  }
  streams_.err().write(question + " [y/N] ");
  const auto answer = to_lower_ascii(trim(streams_.read_line().value_or("")));
  return answer == "y" || answer == "yes";
}

std::optional<std::string> Context::ask_secret(const std::string& question) {
  if (streams_.in_terminal() == Terminal::no || streams_.err_terminal() == Terminal::no) {
    return std::nullopt;
  }
  return streams_.read_secret(question + " (it is not shown): ");
}

}  // namespace lumi::cli
