#pragma once
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "core/schemas/experiment.hpp"
#include "core/services/workflow_removal.hpp"
#include "store/database_provider.hpp"
#include "store/records/dataset.hpp"
#include "store/records/experiment.hpp"
#include "store/records/listing.hpp"
#include "store/records/workflow.hpp"
#include "store/repositories/experiment_repository.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// Takes `wanted` for ever, or, where some experiment has or had it, a name with the time behind it.
std::string take_free_name(store::ExperimentRepository& experiments, const std::string& wanted, Timestamp now);

/// Experiments: what several models are asked to do with one dataset. Every call that takes an id also takes a unique
/// prefix of at least four characters; an unknown one throws `not_found`.
class ExperimentService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    WorkflowRemovalService& removal;
    const Clock& clock;
    IdSource& ids;
  };

  explicit ExperimentService(Dependencies dependencies) : with_(dependencies) {}

  /// Keeps a new experiment; a name that one has or had gets the time behind it.
  store::ExperimentRecord create(const schemas::ExperimentCreate& body, const store::DatasetRecord& dataset);

  /// The full id that `id_or_prefix` names.
  std::string resolve(std::string_view id_or_prefix);

  store::ExperimentRecord get(std::string_view id);

  store::Listing<store::ExperimentRecord> list(const store::Page& page);

  /// The experiment's workflows, newest first.
  std::vector<store::WorkflowRecord> workflows(const std::string& id);

  /// Throws `conflict` if one of its workflows has not ended, unless Force::yes.
  void check_removable(const std::string& id, Force force);

  /// Removes the experiment with its workflows, their jobs, results and predictions; the dataset stays. Throws as
  /// check_removable; Force::yes stops what runs first. Returns warnings.
  std::vector<std::string> remove(const std::string& id, Force force);

private:
  Dependencies with_;
};

}  // namespace lumi::services
