#pragma once
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "cli/docs/complete.hpp"
#include "cli/global_options.hpp"
#include "cli/io/streams.hpp"
#include "cli/io/view.hpp"
#include "core/config/settings.hpp"
#include "core/metrics/metric.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace lumi::secrets {
class Passphrase;
}  // namespace lumi::secrets

namespace lumi::store {
class DatabaseProvider;
class Home;
class ObjectStores;
}  // namespace lumi::store

namespace lumi::services {
class BaselineService;
class DatasetService;
class EvaluationLookup;
class EvaluatorService;
class ExperimentService;
class InferenceService;
class JobControlService;
class JobService;
class RunService;
class SecretService;
class WorkflowControlService;
class WorkflowRemovalService;
class WorkflowRunService;
class WorkflowService;
}  // namespace lumi::services

namespace lumi::cli {

/// Everything a command may need, each made when it is first asked for.
class Context {
public:
  Context(Streams& streams, const GlobalOptions& options);
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Streams& streams() { return streams_; }
  const GlobalOptions& options() const { return options_; }
  config::Settings& settings() { return settings_; }
  const Clock& clock() const { return clock_; }
  const Clock& steady() const { return steady_; }
  IdSource& ids() { return ids_; }

  /// How data is shown, as the global flags say.
  ViewSettings view() const;

  /// The folder that holds everything: --home, LUMI_HOME, the setting, or the XDG data folder.
  const store::Home& home();
  store::DatabaseProvider& databases();
  store::ObjectStores& objects();

  /// Where metrics find their data.
  metrics::Resources metric_resources() const;

  services::DatasetService& datasets();
  services::JobService& jobs();
  services::JobControlService& job_control();
  services::EvaluatorService& evaluator();
  services::InferenceService& inference();
  services::SecretService& secrets();
  services::ExperimentService& experiments();
  services::WorkflowService& workflows();
  services::WorkflowControlService& workflow_control();
  services::WorkflowRemovalService& workflow_removal();
  services::WorkflowRunService& workflow_run();
  services::RunService& runs();
  services::EvaluationLookup& evaluations();
  services::BaselineService& baselines();

  /// Closes the database and forgets all services, which are made again when they are asked for: before a process is
  /// forked, which must not share them.
  void close_store();

  /// Ids for shell completion; silent and empty where anything is wrong.
  std::vector<Candidate> live_candidates(Completes what);

  /// Asks `question` on a terminal; elsewhere --yes must have been given, else throws Error{usage} naming it.
  /// False if the answer is no.
  bool confirm(const std::string& question);

  /// Asks for what nobody else may see, and does not show it; nothing where there is no terminal to ask at.
  std::optional<std::string> ask_secret(const std::string& question);

private:
  Streams& streams_;
  GlobalOptions options_;
  config::Settings settings_;
  SystemClock clock_;
  SteadyClock steady_;
  RandomIds ids_;
  std::unique_ptr<secrets::Passphrase> passphrase_;  // not a part: a process in the background cannot ask again
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace lumi::cli
