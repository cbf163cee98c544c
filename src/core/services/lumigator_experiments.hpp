#pragma once
#include "core/services/import_notes.hpp"
#include "core/services/lumigator_import.hpp"
#include "core/services/lumigator_objects.hpp"
#include "store/foreign/mlflow_database.hpp"
#include "store/records/job.hpp"
#include "store/records/workflow.hpp"

#include <optional>
#include <string>
#include <vector>

namespace lumi::services {

/// Brings experiments and workflows over, which Lumigator keeps in MLflow, once their datasets and jobs are there.
class LumigatorExperiments {
public:
  LumigatorExperiments(LumigatorImportService::Dependencies with, LumigatorObjects& objects, ImportNotes& notes)
      : with_(with), objects_(objects), notes_(notes) {}

  /// Brings all of them; those that are there stay as they are.
  void bring(store::MlflowDatabase& mlflow,
             const LumigatorImportService::Progress& progress,
             ImportCount& experiments,
             ImportCount& workflows);

private:
  void bring_experiment(const store::MlflowExperiment& experiment, ImportCount& count);
  void bring_workflow(const store::MlflowRun& run, const std::vector<store::MlflowRun>& runs, ImportCount& count);
  std::string workflow_config(const store::MlflowRun& run, const std::vector<store::JobRecord>& jobs);
  void keep(const store::WorkflowRecord& row, const std::vector<store::JobRecord>& jobs);

  LumigatorImportService::Dependencies with_;
  LumigatorObjects& objects_;
  ImportNotes& notes_;
};

}  // namespace lumi::services
