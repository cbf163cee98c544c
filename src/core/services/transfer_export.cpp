#include "core/services/transfer_export.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "core/services/resolve_id.hpp"
#include "store/repositories/dataset_repository.hpp"
#include "store/repositories/experiment_repository.hpp"
#include "store/repositories/job_repository.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <optional>
#include <set>

namespace lumi::services {

namespace {

using store::CopiedTable;
using store::text_in;

/// Gathers rows, each once, and the objects they name.
class Collector {
public:
  explicit Collector(store::Database& database) : database_(database) {}

  void add(const std::string& id) {
    if (const auto experiment = resolve<store::ExperimentRepository>(resolve_hex_id, "experiment", id)) {
      add_experiment(*experiment);
    } else if (const auto job = resolve<store::JobRepository>(resolve_uuid, "job", id)) {
      add_single_job(*job);
    } else if (const auto dataset = resolve<store::DatasetRepository>(resolve_uuid, "dataset", id)) {
      add_row(CopiedTable::datasets, *dataset);
    } else {
      throw Error(ErrorCode::not_found,
                  "no experiment, job or dataset " + quote(id),
                  "'lumi experiment list', 'lumi job list' and 'lumi dataset list' show what there is");
    }
  }

  CollectedExport take() { return std::move(collected_); }

private:
  using Resolve = std::string (*)(std::string_view kind, std::string_view text, const IdLookup& lookup);

  /// The full id; nothing if there is none of this kind. Throws `usage` where several start with it.
  template <class Repository>
  std::optional<std::string> resolve(Resolve resolve_id, std::string_view kind, const std::string& id) {
    Repository rows(database_);
    try {
      return resolve_id(kind, id, {[&](const std::string& prefix, std::size_t limit) {
                          return rows.find_ids_by_prefix(prefix, limit);
                        }});
    } catch (const Error& error) {
      if (error.code() != ErrorCode::not_found) {
        throw;
      }
      return std::nullopt;
    }
  }

  void add_experiment(const std::string& id) {
    add_row(CopiedTable::experiments, id);
    if (const auto experiment = store::ExperimentRepository(database_).find(id)) {
      add_row(CopiedTable::datasets, experiment->dataset_id);
    }
    store::WorkflowFilter of_experiment;
    of_experiment.experiment_id = id;
    for (const auto& workflow : store::WorkflowRepository(database_).list(of_experiment, {0, 0}).items) {
      check_ended("workflow", workflow.id, workflow.status);
      add_row(CopiedTable::workflows, workflow.id);
      add_jobs({.workflow_id = workflow.id});
    }
    add_jobs({.experiment_id = id});
  }

  void add_jobs(const store::JobFilter& filter) {
    for (const auto& job : store::JobRepository(database_).list(filter, {0, 0}).items) {
      add_job(job);
    }
  }

  void add_single_job(const std::string& id) {
    const auto job = store::JobRepository(database_).find(id);
    if (job && (job->experiment_id || job->workflow_id)) {
      const auto experiment = job->experiment_id.value_or("");
      throw Error(ErrorCode::usage,
                  "job " + quote(id) + " belongs to an experiment",
                  experiment.empty() ? "export that" : "'lumi export " + experiment + "' takes all of it");
    }
    if (job) {
      add_job(*job);
    }
  }

  void add_job(const store::JobRecord& job) {
    check_ended("job", job.id, job.status);
    add_row(CopiedTable::jobs, job.id);
    add_row(CopiedTable::datasets, job.dataset_id.value_or(""));
    for (const auto& made : store::DatasetRepository(database_).find_of_run(job.id)) {
      add_row(CopiedTable::datasets, made.id);
    }
  }

  static void check_ended(const std::string& kind, const std::string& id, const std::string& status) {
    if (status == "created" || status == "pending" || status == "running") {
      throw Error(ErrorCode::pending,
                  kind + " " + quote(id) + " has not ended: it is " + status,
                  "'lumi " + kind + " wait " + id + "' waits for its end");
    }
  }

  /// Adds a row and its object, unless it is there already; one that is gone is left out.
  void add_row(CopiedTable table, const std::string& id) {
    const auto row = seen_.insert(id).second ? read_row(database_, table, id) : std::nullopt;
    if (!row) {
      return;
    }
    collected_.manifest.of(table).push_back(portable(*row));
    if (const auto file = file_of(table, *row); !file.key.empty()) {
      collected_.objects.push_back(
          {std::string(to_text(table)), id, text_in(*row, "storage_url"), file.key, 0, file.sha256});
    }
  }

  store::Database& database_;
  CollectedExport collected_;
  std::set<std::string> seen_;
};

}  // namespace

CollectedExport collect_export(store::DatabaseProvider& databases, const std::vector<std::string>& ids) {
  auto* database = databases.find();
  if (database == nullptr) {
    throw Error(ErrorCode::not_found, "nothing is kept here yet");
  }
  Collector collector(*database);
  for (const auto& id : ids) {
    collector.add(id);
  }
  auto collected = collector.take();
  collected.manifest.schema = static_cast<std::int64_t>(store::all_migrations().size());
  return collected;
}

}  // namespace lumi::services
