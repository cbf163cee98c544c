#pragma once
#include "core/services/transfer_manifest.hpp"
#include "store/database_provider.hpp"
#include "store/records/garbage.hpp"

#include <string>
#include <vector>

namespace lumi::services {

/// What an export consists of, before its files are copied.
struct CollectedExport {
  TransferManifest manifest;  ///< without files
  std::vector<store::ObjectReference> objects;
};

/// Everything that belongs to the experiments, jobs and datasets of these ids. Throws as TransferService::write.
CollectedExport collect_export(store::DatabaseProvider& databases, const std::vector<std::string>& ids);

}  // namespace lumi::services
