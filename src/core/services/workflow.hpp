#pragma once
#include "base/byte_stream.hpp"
#include "base/clock.hpp"
#include "core/services/workflow_config.hpp"
#include "store/database_provider.hpp"
#include "store/files/object_stores.hpp"
#include "store/records/job.hpp"
#include "store/records/listing.hpp"
#include "store/records/workflow.hpp"
#include "store/repositories/workflow_repository.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lumi::services {

/// A workflow with what its jobs came to.
struct WorkflowDetails {
  store::WorkflowRecord row;
  std::string model;
  std::optional<std::string> system_prompt;
  std::vector<store::JobRecord> jobs;                 ///< newest first
  std::optional<std::string> artifacts_download_url;  ///< of the compiled results, once there are any
};

/// The reading half of workflows. Every call that takes an id also takes a unique prefix of at least four characters;
/// an unknown one throws `not_found`. Before a row is shown, unfinished workflows and jobs that lost their process are
/// marked failed.
class WorkflowService {
public:
  struct Dependencies {
    store::DatabaseProvider& databases;
    store::ObjectStores& objects;
    const Clock& clock;
  };

  explicit WorkflowService(Dependencies dependencies) : with_(dependencies) {}

  /// The full id that `id_or_prefix` names.
  std::string resolve(std::string_view id_or_prefix);

  store::WorkflowRecord get(std::string_view id);

  store::Listing<store::WorkflowRecord> list(const store::WorkflowFilter& filter, const store::Page& page);

  WorkflowDetails details(const store::WorkflowRecord& row);

  /// The logs of its jobs, oldest first, with a line of equals signs between them.
  std::string logs(std::string_view id);

  /// Copies compiled.json into `sink`. Throws `pending` while the workflow is unfinished, `not_found` if it failed,
  /// `storage` if the file is damaged.
  void download(std::string_view id, ByteSink& sink);

  /// A URL from which compiled.json can be read. Throws as `download`.
  std::string download_url(std::string_view id, std::int64_t expires_s);

private:
  store::WorkflowRecord get_with_results(std::string_view id);

  Dependencies with_;
};

}  // namespace lumi::services
